#include "tessera/array/rules.hpp"

#include "tessera/dtype/promotion.hpp"

namespace tessera {

namespace shapes {

void same(const rule_args& args, std::span<spec* const> out) {
    for (spec* s : out) s->shape = args.in[0]->shape;
}

dims broadcast(const dims& a, const dims& b, std::string_view op_name) {
    const dims& longer = a.size() >= b.size() ? a : b;
    const dims& shorter = a.size() >= b.size() ? b : a;
    dims result = longer;
    const std::size_t lead = longer.size() - shorter.size();
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        extent& size = result[lead + i];
        if (size == shorter[i] || shorter[i] == extent{1}) continue;
        if (!(size == extent{1}))
            throw shape_error(text(op_name, ": shapes do not broadcast: ", a, " and ", b, " differ at axis ",
                                   static_cast<std::int64_t>(lead + i), " (", size, " and ", shorter[i], ")"));
        size = shorter[i];
    }
    return result;
}

void broadcast(const rule_args& args, std::span<spec* const> out) {
    dims& shape = out[0]->shape;
    shape = args.in[0]->shape;
    for (std::size_t i = 1; i < args.in.size(); ++i)
        if (!(shape == args.in[i]->shape)) shape = broadcast(shape, args.in[i]->shape, args.op.name);
    for (std::size_t i = 1; i < out.size(); ++i) out[i]->shape = shape;
}

void check_rank(const dims& shape, std::string_view op_name) {
    if (shape.size() > max_rank) throw shape_error(text(op_name, ": rank ", shape.size(), " is above ", max_rank));
}

}  // namespace shapes

namespace dtypes {

namespace {
void require_equal(const rule_args& args) {
    for (const spec* s : args.in)
        if (s->dtype != args.in[0]->dtype)
            throw dtype_error(
                text(args.op.name, ": all operands must have one dtype, got ", args.in[0]->dtype, " and ", s->dtype));
}
}  // namespace

void same(const rule_args& args, std::span<spec* const> out) {
    require_equal(args);
    for (spec* s : out) s->dtype = args.in[0]->dtype;
}

void boolean(const rule_args& args, std::span<spec* const> out) {
    require_equal(args);
    for (spec* s : out) s->dtype = tessera::boolean;
}

void real_part(const rule_args& args, std::span<spec* const> out) {
    for (spec* s : out) s->dtype = tessera::real_part(args.in[0]->dtype);
}

void first(const rule_args& args, std::span<spec* const> out) {
    for (spec* s : out) s->dtype = args.in[0]->dtype;
}

}  // namespace dtypes

int normalize_axis(int axis, std::size_t rank, std::string_view op_name) {
    const int n = static_cast<int>(rank);
    if (axis < -n || axis >= n) throw index_error(text(op_name, ": axis ", axis, " is out of range for rank ", n));
    return axis < 0 ? axis + n : axis;
}

axes normalize_axes(const axes& given, std::size_t rank, std::string_view op_name) {
    axes result;
    for (const int axis : given) result.push_back(normalize_axis(axis, rank, op_name));
    std::sort(result.begin(), result.end());
    if (std::adjacent_find(result.begin(), result.end()) != result.end())
        throw index_error(text(op_name, ": an axis is given twice in ", given));
    return result;
}

}  // namespace tessera
