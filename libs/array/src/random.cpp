#include "tessera/array/random.hpp"

#include <bit>
#include <cmath>

#include "cpu/loop_nest.hpp"
#include "operands.hpp"
#include "philox.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/interop/layout.hpp"
#include "tessera/simd/loops.hpp"
#include "tessera/simd/random.hpp"
#include "topics.hpp"

namespace tessera {

struct random_attributes {
    dims shape;
    tessera::dtype dtype;
    double low, high;
    auto fields() const { return std::tie(shape, dtype, low, high); }
};
struct split_key_attributes {
    extent count;
    auto fields() const { return std::tie(count); }
};
struct philox_attributes {
    int rounds;
    auto fields() const { return std::tie(rounds); }
};

namespace {

using detail::philox_block;

void require_key(const op& o, const spec& key) {
    if (key.dtype != u32 || !(key.shape == dims{4})) throw dtype_error(text(o.name, ": a key is u32 (4,), got ", key));
}

// The public functions take one key, the ops any number of them, (..., 4): what a batch is.
dims keys_of(const rule_args& args) {
    const spec& keys = *args.in[0];
    if (keys.dtype != u32 || keys.shape.empty() || !(keys.shape.back() == extent{4}))
        throw dtype_error(text(args.op.name, ": keys are u32 (..., 4), got ", keys));
    return dims(std::span<const extent>(keys.shape.data(), keys.shape.size() - 1));
}

void random_shape(const rule_args& args, std::span<spec* const> out) {
    dims& shape = out[0]->shape;
    shape = keys_of(args);
    for (const extent e : args.attrs.as<random_attributes>().shape) shape.push_back(e);
    shapes::check_rank(shape, args.op.name);
}
void random_dtype(const rule_args& args, std::span<spec* const> out) {
    out[0]->dtype = args.attrs.as<random_attributes>().dtype;
}

// Calls visit(words, k) for the keys (..., 4) in row-major order.
template <class Visit> void for_each_key(const any_view& keys, const Visit& visit) {
    const auto lead = static_cast<std::size_t>(keys.rank - 1);
    const std::int64_t count = keys.size() / 4;
    for (std::int64_t k = 0; k < count; ++k) {
        std::int64_t at = 0;
        for (std::size_t i = lead, rest = static_cast<std::size_t>(k); i-- > 0;) {
            at += static_cast<std::int64_t>(rest) % keys.shape[i] * keys.strides[i];
            rest /= static_cast<std::size_t>(keys.shape[i]);
        }
        philox_block words;
        for (std::size_t i = 0; i < 4; ++i)
            words[i] = keys.first<std::uint32_t>()[at + static_cast<std::int64_t>(i) * keys.strides[lead]];
        visit(words, k);
    }
}

// The greatest value of T below `bound`.
template <class T> double just_below(double bound) {
    if constexpr (is_narrow_float_type<T>) {
        const auto bits = std::bit_cast<std::uint16_t>(T(static_cast<float>(bound)));
        const bool is_zero = (bits & 0x7FFFU) == 0, is_negative = bits >> 15 != 0;
        const auto below = static_cast<std::uint16_t>(is_zero ? 0x8001U : is_negative ? bits + 1U : bits - 1U);
        return static_cast<double>(static_cast<float>(std::bit_cast<T>(below)));
    } else {
        return std::nextafter(static_cast<T>(bound), -std::numeric_limits<T>::infinity());
    }
}

double greatest_below(double low, double high, dtype t) {
    if (low == high) return low;
    switch (t) {
    case f16: return just_below<float16>(high);
    case bf16: return just_below<bfloat16>(high);
    case f32: return just_below<float>(high);
    default: return just_below<double>(high);
    }
}

const char* needs_order(const kernel_args& args) {
    return is_contiguous(args.out[0]) ? nullptr : "the destination must be row-major";
}

void run_random(const kernel_args& args, simd::random_code code, double cost) {
    const auto& attrs = args.attrs.as<random_attributes>();
    const any_view& out = args.out[0];
    if (out.size() == 0) return;
    simd::random_parameters parameters{{}, attrs.low, attrs.high, greatest_below(attrs.low, attrs.high, out.dtype)};
    const bool narrow = is_narrow_float(out.dtype);
    const simd::random_loop loop = simd::find_random(code, narrow ? f32 : out.dtype);
    const simd::loop round = narrow ? simd::find_cast(f32, out.dtype) : nullptr;
    const std::size_t item = item_size(out.dtype);
    const std::int64_t count = out.size() / (args.in[0].size() / 4);  // for each key
    for_each_key(args.in[0], [&](const philox_block& key, std::int64_t k) {
        parameters.key = key;
        std::byte* const first = out.first<std::byte>() + static_cast<std::size_t>(k * count) * item;
        parallel_for(count, 4096, cost, [&](std::int64_t from, std::int64_t to) {
            const auto begin = static_cast<std::size_t>(from), end = static_cast<std::size_t>(to);
            if (!narrow) return loop(first + begin * item, begin, end - begin, parameters);
            alignas(64) float tile[4 * simd::random_tile];
            for (std::size_t i = begin; i < end; i += std::size(tile)) {
                const std::size_t n = std::min(std::size(tile), end - i);
                loop(tile, i, n, parameters);
                const simd::operand in{tile, 1};
                round(first + i * item, 1, &in, n);
            }
        });
    });
}

void run_split_key(const kernel_args& args) {
    const any_view& out = args.out[0];
    const std::int64_t count = out.shape[out.rank - 2];
    auto* next = out.first<std::uint32_t>();
    for_each_key(args.in[0], [&](const philox_block& key, std::int64_t) {
        for (std::int64_t i = 0; i < count; ++i)
            for (const std::uint32_t word : detail::derived_key(key, static_cast<std::uint64_t>(i))) *next++ = word;
    });
}

// A view without its last axis.
any_view rows_of(any_view v) {
    --v.rank;
    return v;
}

void run_philox(const kernel_args& args) {
    const int rounds = args.attrs.as<philox_attributes>().rounds;
    const auto last_step = [](const any_view& v) { return v.strides[v.rank - 1]; };
    const std::int64_t to_step = last_step(args.out[0]), x_step = last_step(args.in[0]), k_step = last_step(args.in[1]);
    const any_view out[] = {rows_of(args.out[0])}, in[] = {rows_of(args.in[0]), rows_of(args.in[1])};
    cpu_kernels::loop_nest(out, in).run(5, [&](const cpu_kernels::run_of_elements& r) {
        auto* to = reinterpret_cast<std::uint32_t*>(r.data[0]);
        const auto* x = reinterpret_cast<const std::uint32_t*>(r.data[1]);
        const auto* k = reinterpret_cast<const std::uint32_t*>(r.data[2]);
        for (std::int64_t i = 0; i < r.count; ++i, to += r.steps[0], x += r.steps[1], k += r.steps[2]) {
            const philox_block y =
                detail::philox({x[0], x[x_step], x[2 * x_step], x[3 * x_step]}, k[0], k[k_step], rounds);
            for (std::int64_t j = 0; j < 4; ++j) to[j * to_step] = y[static_cast<std::size_t>(j)];
        }
    });
}

void philox_shape(const rule_args& args, std::span<spec* const> out) {
    const dims &counter = args.in[0]->shape, &key = args.in[1]->shape;
    if (counter.empty() || key.empty() || !(counter.back() == extent{4}) || !(key.back() == extent{2}))
        throw shape_error(
            text(args.op.name, ": takes counters (..., 4) and keys (..., 2), got ", counter, " and ", key));
    const auto lead = [](const dims& shape) { return dims(std::span<const extent>(shape.data(), shape.size() - 1)); };
    out[0]->shape = shapes::broadcast(lead(counter), lead(key), args.op.name);
    out[0]->shape.push_back(4);
}

// Throws value_error for numbers that the dtype has no finite value for.
void require_held(const op& o, double a, double b, dtype t) {
    for (const double number : {a, b})
        if (is_inexact(t) && !std::isfinite(scalar_value(number).cast(t).as<double>()))
            throw value_error(text(o.name, ": ", number, " is beyond the range of ", t));
}

array draw(const op& o, const array& key, random_attributes attrs) {
    detail::require(o, key, 0);
    require_key(o, key.spec());
    if (attrs.dtype != f16 && attrs.dtype != bf16 && attrs.dtype != f32 && attrs.dtype != f64)
        throw dtype_error(text(o.name, ": gives f16, bf16, f32 or f64, asked for ", attrs.dtype));
    return call(o, attrs, key);
}

}  // namespace

constinit const op uniform_op{
    .name = "array.uniform",
    .inputs = 1,
    .outputs = 1,
    .shape = random_shape,
    .dtype = random_dtype,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .batch = batching::as_it_is,
    .registers = register_array,
};

constinit const op normal_op{
    .name = "array.normal",
    .inputs = 1,
    .outputs = 1,
    .shape = random_shape,
    .dtype = random_dtype,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .batch = batching::as_it_is,
    .registers = register_array,
};

constinit const op random_bits_op{
    .name = "array.random_bits",
    .inputs = 1,
    .outputs = 1,
    .shape = random_shape,
    .dtype = random_dtype,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .batch = batching::as_it_is,
    .registers = register_array,
};

constinit const op split_key_op{
    .name = "array.split_key",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            dims& shape = out[0]->shape;
            shape = keys_of(args);
            shape.push_back(args.attrs.as<split_key_attributes>().count);
            shape.push_back(4);
            shapes::check_rank(shape, args.op.name);
        },
    .dtype = dtypes::first,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .batch = batching::as_it_is,
    .registers = register_array,
};

constinit const op philox_op{
    .name = "array.philox4x32",
    .inputs = 2,
    .outputs = 1,
    .shape = philox_shape,
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            for (const spec* s : args.in)
                if (s->dtype != u32) throw dtype_error(text(args.op.name, ": takes u32, got ", s->dtype));
            out[0]->dtype = u32;
        },
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .core = {1, 1},
    .registers = register_array,
};

array uniform(const array& key, const dims& shape, dtype t, double low, double high) {
    if (!(low <= high) || !std::isfinite(high - low))
        throw value_error(text(uniform_op.name, ": needs finite low <= high, got ", low, " and ", high));
    require_held(uniform_op, low, high, t);
    return draw(uniform_op, key, {shape, t, low, high});
}

array normal(const array& key, const dims& shape, dtype t, double mean, double deviation) {
    if (!std::isfinite(mean) || !(deviation >= 0) || !std::isfinite(deviation))
        throw value_error(
            text(normal_op.name, ": needs a finite mean and deviation >= 0, got ", mean, " and ", deviation));
    require_held(normal_op, mean, deviation, t);
    return draw(normal_op, key, {shape, t, mean, deviation});
}

array random_bits(const array& key, const dims& shape) {
    detail::require(random_bits_op, key, 0);
    require_key(random_bits_op, key.spec());
    return call(random_bits_op, random_attributes{shape, u32, 0, 0}, key);
}

array split_key(const array& key, extent n) {
    detail::require(split_key_op, key, 0);
    require_key(split_key_op, key.spec());
    return call(split_key_op, split_key_attributes{n}, key);
}

array philox4x32(const array& counter, const array& key, int rounds) {
    if (rounds < 0 || rounds > 16) throw value_error(text(philox_op.name, ": rounds are 0 to 16, got ", rounds));
    return call(philox_op, philox_attributes{rounds}, counter, key);
}

namespace {
philox_block seed_words(std::uint64_t seed) {
    return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0, 0};
}
}  // namespace

array random_key(std::uint64_t seed, device where) { return from_span(seed_words(seed), {4}, where); }

array generator::next() {
    if (tracer* capturing = install_staging_tracer(nullptr)) {
        install_staging_tracer(capturing);
        throw value_error("generator: a captured program would keep one key for ever; pass the key as an argument");
    }
    return from_span(detail::derived_key(seed_words(seed_), used_++), {4});
}

void register_random(registry& r) {
    for (const op* o : {&uniform_op, &normal_op, &random_bits_op, &split_key_op, &philox_op}) r.add(*o);
    using enum simd::random_code;
    r.add_kernel(cpu.kind, uniform_op.name,
                 {.run = [](const kernel_args& args) { run_random(args, uniform, 0.5); },
                  .declines = needs_order,
                  .label = "simd"});
    r.add_kernel(cpu.kind, normal_op.name,
                 {.run = [](const kernel_args& args) { run_random(args, normal, 1.5); },
                  .declines = needs_order,
                  .label = "simd"});
    r.add_kernel(cpu.kind, random_bits_op.name,
                 {.run = [](const kernel_args& args) { run_random(args, bits, 0.4); },
                  .declines = needs_order,
                  .label = "simd"});
    r.add_kernel(cpu.kind, split_key_op.name, {.run = run_split_key, .declines = needs_order, .label = "loop"});
    r.add_kernel(cpu.kind, philox_op.name, {.run = run_philox, .label = "loop"});
}

}  // namespace tessera
