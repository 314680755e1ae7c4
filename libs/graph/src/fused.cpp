#include "tessera/graph/fused.hpp"

#include "cpu/fused.hpp"
#include "tessera/interop/text.hpp"
#include "topics.hpp"

namespace tessera::graph {

void append_text(std::string& out, fused_attributes::printed p) {
    bool first = true;
    for (const scalar_instruction& i : p.program->instructions) {
        if (i.from != scalar_instruction::source::computed) continue;
        out += first ? "" : " ";
        out += name(i.code);
        first = false;
    }
}

namespace {

void fused_specs(const rule_args& args, std::span<spec* const> out, bool shapes) {
    const auto& attrs = args.attrs.as<fused_attributes>();
    const std::size_t stored = attrs.stored();
    for (std::size_t k = 0; k < out.size(); ++k) {
        spec whole{attrs.program->instructions[attrs.program->results[k]].type, attrs.shape, out[k]->device};
        if (k < stored) {
            if (shapes) out[k]->shape = whole.shape;
            if (!shapes) out[k]->dtype = whole.dtype;
            continue;
        }
        const fused_reduction& r = attrs.reductions[k - stored];
        const spec* in[] = {&whole};
        spec* const made[] = {out[k]};
        if (shapes)
            r.how->shape({*r.how, in, r.over}, std::span<spec* const>(made));
        else
            r.how->dtype({*r.how, in, r.over}, std::span<spec* const>(made));
    }
}

}  // namespace

constinit const op fused_op{
    .name = "graph.fused",
    .inputs = any_number,
    .outputs = any_number,
    .shape = [](const rule_args& args, std::span<spec* const> out) { fused_specs(args, out, true); },
    .dtype = [](const rule_args& args, std::span<spec* const> out) { fused_specs(args, out, false); },
    .registers = register_graph,
};

void register_fused(registry& r) {
    r.add(fused_op);
    r.add_kernel(cpu.kind, fused_op.name, cpu_kernels::fused_kernel());
}

void register_graph(registry& r) {
    register_fused(r);
    register_calls(r);
    register_cond(r);
    register_while(r);
    register_scan(r);
    register_custom(r);
}

}  // namespace tessera::graph
