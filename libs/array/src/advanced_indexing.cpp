// getitem and setitem: what slices do is a view, what arrays do is take over their axes joined into one.
#include "tessera/array/advanced_indexing.hpp"

#include "operands.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/rules.hpp"

namespace tessera {

namespace {

using kinds = index_item::kinds;

void require_array(const array& x, std::string_view name) {
    if (x.is_null()) throw value_error(text(name, ": argument 0 is a null array"));
}

// How many axes of x an entry uses.
std::size_t axes_of(const index_entry& e) {
    if (e.is_array()) return e.indices().dtype() == boolean ? e.indices().shape().size() : 1;
    return e.item().kind == kinds::integer || e.item().kind == kinds::range ? 1 : 0;
}

// The index as a slice that leaves the axes of arrays whole, and the arrays by axis of what it gives.
struct split_index {
    std::vector<index_item> view;
    std::vector<int> axes;
    std::vector<array> indices;
    bool is_apart = false;  // a slice stands between arrays
};

void add_mask(split_index& to, const array& mask, const dims& shape, std::size_t axis, std::string_view name) {
    for (std::size_t a = 0; a < mask.shape().size(); ++a)
        if (axis + a >= shape.size() || !(mask.shape()[a] == shape[axis + a]))
            throw index_error(
                text(name, ": a mask of ", mask.shape(), " does not fit the axes from ", axis, " on of ", shape));
    for (const array& along : nonzero(mask)) {
        to.axes.push_back(static_cast<int>(to.view.size()));
        to.view.emplace_back(whole);
        to.indices.push_back(along);
    }
}

split_index split_of(const array& x, std::span<const index_entry> index, std::string_view name) {
    const dims& shape = x.shape();
    std::size_t used = 0, ellipses = 0;
    bool has_arrays = false;
    for (const index_entry& e : index) {
        used += axes_of(e);
        ellipses += !e.is_array() && e.item().kind == kinds::others;
        has_arrays = has_arrays || e.is_array();
    }
    if (used > shape.size())
        throw index_error(text(name, ": entries for ", used, " axes of an array of rank ", shape.size()));
    if (ellipses > 1) throw index_error(text(name, ": an index has one ellipsis, got ", ellipses));
    split_index result;
    std::size_t axis = 0;
    bool between = false;
    for (const index_entry& e : index) {
        const bool is_integer_entry = !e.is_array() && e.item().kind == kinds::integer;
        if (e.is_array() || (has_arrays && is_integer_entry)) {
            result.is_apart = result.is_apart || (between && !result.axes.empty());
            between = false;
            if (e.is_array() && e.indices().dtype() == boolean) {
                add_mask(result, e.indices(), shape, axis, name);
            } else {
                result.axes.push_back(static_cast<int>(result.view.size()));
                result.view.emplace_back(whole);
                result.indices.push_back(e.is_array() ? e.indices() : full({}, e.item().start, i64, x.device()));
            }
        } else if (e.item().kind == kinds::others) {
            between = true;
            for (std::size_t i = used; i < shape.size(); ++i) result.view.emplace_back(whole);
            axis += shape.size() - used;
        } else {
            between = true;
            result.view.push_back(e.item());
        }
        axis += axes_of(e);
    }
    return result;
}

// Row-major positions in the axes of those sizes; each index is brought into its range, or refused.
array joined(std::span<const array> indices, const dims& sizes, device where, std::string_view name) {
    array position;
    for (std::size_t k = 0; k < indices.size(); ++k) {
        if (!is_integer(indices[k].dtype()))
            throw dtype_error(
                text(name, ": an array of an index holds integers or booleans, got ", indices[k].dtype()));
        const array in_range = take(arange(sizes[k], i64, where), indices[k], 0);
        position = position.is_null() ? in_range : position * scalar_of(sizes[k], i64, where) + in_range;
    }
    return position;
}

array get(const array& x, std::span<const index_entry> index, std::string_view name) {
    const split_index how = split_of(x, index, name);
    const array seen = slice(x, how.view);
    if (how.axes.empty()) return seen;
    if (how.axes.size() == 1 && is_integer(how.indices[0].dtype())) return take(seen, how.indices[0], how.axes[0]);
    // The indexed axes to the front, joined into one.
    const std::size_t rank = seen.shape().size(), count = how.axes.size();
    axes order(std::span<const int>(how.axes.data(), count));
    for (int a = 0; a < static_cast<int>(rank); ++a)
        if (std::find(how.axes.begin(), how.axes.end(), a) == how.axes.end()) order.push_back(a);
    const array front = permute_dims(seen, order);
    const dims sizes(std::span<const extent>(front.shape().data(), count));
    dims rows(std::span<const extent>(front.shape().data() + count, rank - count));
    rows.insert(0, element_count(sizes));
    const array picked = take(reshape(front, rows), joined(how.indices, sizes, x.device(), name), 0);
    if (how.is_apart || how.axes[0] == 0) return picked;
    // Their shape goes where the first of them was.
    const int added = picked.rank() - static_cast<int>(rank - count);
    axes back;
    for (int a = 0; a < how.axes[0]; ++a) back.push_back(added + a);
    for (int a = 0; a < added; ++a) back.push_back(a);
    for (int a = added + how.axes[0]; a < picked.rank(); ++a) back.push_back(a);
    return permute_dims(picked, back);
}

}  // namespace

array getitem(const array& x, std::span<const index_entry> index) {
    require_array(x, "array.getitem");
    return get(x, index, "array.getitem");
}

array setitem(const array& x, std::span<const index_entry> index, const array& value) {
    constexpr std::string_view name = "array.setitem";
    require_array(x, name);
    if (value.is_null()) throw value_error(text(name, ": argument 2 is a null array"));
    if (result_type(x, value) != x.dtype())
        throw dtype_error(text(name, ": a value of ", value.dtype(), " would change the dtype of x, ", x.dtype()));
    const extent count = x.size();
    const array places = get(reshape(arange(count, i64, x.device()), x.shape()), index, name);
    if (!(shapes::broadcast(places.shape(), value.shape(), name) == places.shape()))
        throw shape_error(text(name, ": a value of ", value.shape(), " does not broadcast to ", places.shape()));
    const array values = broadcast_to(detail::as_operand(value, x.dtype(), name), places.shape());
    return reshape(put_along_axis(reshape(x, {count}), reshape(places, {-1}), reshape(values, {-1}), 0), x.shape());
}

}  // namespace tessera
