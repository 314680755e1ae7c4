#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"

namespace tessera {
namespace {

// What a user's own repository holds: ops made of the public parts alone.

void run_double(const kernel_args& args) {
    const any_view &x = args.in[0], &y = args.out[0];
    for (std::int64_t i = 0; i < x.shape[0]; ++i)
        y.first<double>()[i * y.strides[0]] = 2 * x.first<double>()[i * x.strides[0]];
}
const char* wants_f64(const kernel_args& args) { return args.in[0].dtype == f64 ? nullptr : "reads f64 only"; }
const char* wants_rank_one(const kernel_args& args) {
    return wants_f64(args) ? wants_f64(args) : args.in[0].rank == 1 ? nullptr : "reads rank 1 only";
}

int registrations = 0;

void register_own_kernel(registry& r);
constinit const op own_kernel_op{.name = "user.double",
                                 .inputs = 1,
                                 .outputs = 1,
                                 .shape = shapes::same,
                                 .dtype = dtypes::same,
                                 .registers = register_own_kernel};
void register_own_kernel(registry& r) {
    ++registrations;
    r.add(own_kernel_op);
    r.add_kernel(cpu.kind, own_kernel_op.name, {.run = run_double, .declines = wants_rank_one, .label = "plain"});
}

TEST(a_users_op, runs_its_own_kernel) {
    const array x{1.5, -2.0};
    EXPECT_EQ(call(own_kernel_op, {}, x).to_vector<double>(), (std::vector<double>{3, -4}));
    (void)call(own_kernel_op, {}, x);
    EXPECT_EQ(registrations, 1) << "a registrar is called once";
}

TEST(a_users_op, says_why_its_kernels_decline) {
    expect_throws<no_kernel>([] { (void)call(own_kernel_op, {}, array{1.0F}); },
                             "user.double: no kernel for cpu takes (f32 (1,)) -> (f32 (1,)); registered: plain (reads "
                             "f64 only)");
    expect_throws<no_kernel>([] { (void)call(own_kernel_op, {}, zeros({2, 2})); }, "plain (reads rank 1 only)");
}

// x / (1 + |x|)
constinit const op scalar_rule_op{.name = "user.softsign",
                                  .inputs = 1,
                                  .outputs = 1,
                                  .shape = shapes::same,
                                  .dtype = dtypes::same,
                                  .core = element_wise,
                                  .scalar = [](scalar_builder& b, std::span<const scalar_operand> in, attributes) {
                                      const scalar_operand below = b.apply(scalar_code::add, b.constant(1.0, in[0]),
                                                                           b.apply(scalar_code::abs, in[0]));
                                      return b.apply(scalar_code::divide, in[0], below);
                                  }};

TEST(a_users_op, needs_a_scalar_rule_alone) {
    EXPECT_EQ(call(scalar_rule_op, {}, array{1.0, -3.0, 0.0}).to_vector<double>(),
              (std::vector<double>{0.5, -0.75, 0}));
    EXPECT_EQ(call(scalar_rule_op, {}, ones({2, 3}, f16)).dtype(), f16);
    array out = zeros({3});
    const array in[] = {array{1.0, -3.0, 0.0}};
    apply_into(scalar_rule_op, in, {}, out);
    EXPECT_EQ(out.to_vector<double>(), (std::vector<double>{0.5, -0.75, 0}));
}

TEST(a_scalar_rule, finds_its_kernel_even_when_it_is_the_first_op_of_the_process) {
    EXPECT_NE(scalar_program_op.registers, nullptr);
    EXPECT_FALSE(registry::global().kernels(cpu.kind, scalar_program_op.name).empty());
}

TEST(a_scalar_rule, is_checked_when_the_program_is_written) {
    constexpr dtype types[] = {boolean};
    expect_throws<dtype_error>([&] { (void)program_of(scalar_rule_op, types, {}); }, "divide");
    expect_throws<no_kernel>([&] { (void)program_of(own_kernel_op, types, {}); }, "user.double: has no scalar rule");
}

constinit const op body_op{.name = "user.hypotenuse",
                           .inputs = 2,
                           .outputs = 1,
                           .shape = shapes::broadcast,
                           .dtype = dtypes::same,
                           .body = [](std::span<const array> in, attributes, std::span<array> out) {
                               out[0] = sqrt(square(in[0]) + square(in[1]));
                           }};

TEST(a_users_op, needs_a_body_alone) {
    const array a{3.0, 5.0}, b{4.0, 12.0};
    EXPECT_EQ(call(body_op, {}, a, b).to_vector<double>(), (std::vector<double>{5, 13}));
    array out = zeros({2});
    const array in[] = {a, b};
    apply_into(body_op, in, {}, out);
    EXPECT_EQ(out.to_vector<double>(), (std::vector<double>{5, 13}));
}

constinit const op nothing_op{
    .name = "user.nothing", .inputs = 1, .outputs = 1, .shape = shapes::same, .dtype = dtypes::same};

TEST(a_users_op, without_kernel_scalar_rule_or_body_is_refused) {
    expect_throws<no_kernel>([] { (void)call(nothing_op, {}, array{1.0}); },
                             "user.nothing: no kernel for cpu takes (f64 (1,)) -> (f64 (1,)); registered: none");
}

TEST(an_op, takes_as_many_arrays_as_it_says) {
    expect_throws<value_error>([] { (void)call(nothing_op, {}, array{1.0}, array{2.0}); },
                               "user.nothing: takes 1 arrays, got 2");
    array two[2];
    const array in[] = {array{1.0}};
    expect_throws<value_error>([&] { apply(nothing_op, in, {}, two); }, "user.nothing: gives 1 arrays, asked for 2");
}

std::string last_run;
void note_fast(const kernel_args&) { last_run = "fast"; }
void note_slow(const kernel_args&) { last_run = "slow"; }

TEST(kernels, are_asked_by_priority) {
    static constinit const op o{
        .name = "user.prioritised", .inputs = 1, .outputs = 1, .shape = shapes::same, .dtype = dtypes::same};
    registry& r = registry::global();
    r.add_kernel(cpu.kind, o.name, {.run = note_slow, .label = "slow", .priority = -1});
    r.add_kernel(cpu.kind, o.name, {.run = note_fast, .declines = wants_f64, .label = "fast", .priority = 1});
    (void)call(o, {}, array{1.0});
    EXPECT_EQ(last_run, "fast");
    (void)call(o, {}, array{1});
    EXPECT_EQ(last_run, "slow") << "the faster one declines integers";
    const std::vector<kernel> all = r.kernels(cpu.kind, o.name);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_STREQ(all[0].label, "fast");
}

TEST(kernels, of_one_op_and_device_have_different_labels) {
    (void)call(own_kernel_op, {}, array{1.0});
    expect_throws<value_error>(
        [] { registry::global().add_kernel(cpu.kind, own_kernel_op.name, {.run = run_double, .label = "plain"}); },
        "user.double has a kernel 'plain' on cpu:0 already");
}

void fill_scratch(const kernel_args& args) {
    EXPECT_EQ(args.scratch.dtype, u8);
    EXPECT_EQ(args.scratch.size(), 100);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(args.scratch.first()) % 64, 0u);
    std::fill_n(args.scratch.first<std::uint8_t>(), 100, std::uint8_t{1});
    *args.out[0].first<double>() = 7;
}

TEST(kernels, get_the_scratch_memory_they_ask_for) {
    static constinit const op o{
        .name = "user.scratched", .inputs = 1, .outputs = 1, .shape = shapes::same, .dtype = dtypes::same};
    registry::global().add_kernel(cpu.kind, o.name,
                                  {.run = fill_scratch,
                                   .scratch_bytes = [](const kernel_args&) { return std::size_t{100}; },
                                   .label = "scratched"});
    EXPECT_EQ(call(o, {}, array{1.0}).item<double>(), 7);
}

class small_backend final : public backend {
public:
    explicit small_backend(std::string_view name) : name_(name) {}
    std::string_view name() const override { return name_; }
    std::int32_t kind() const override { return 65; }
    int device_count() const override { return 1; }
    void* allocate(std::size_t bytes, int index) override { return cpu_backend().allocate(bytes, index); }
    void deallocate(void* data, std::size_t bytes, int index) noexcept override {
        cpu_backend().deallocate(data, bytes, index);
    }
    void copy(const any_view& from, const any_view& to) override {
        any_view source = from, target = to;
        source.device = target.device = cpu;
        cpu_backend().copy(source, target);
    }

private:
    std::string_view name_;
};

TEST(backends, own_their_kind_alone) {
    static small_backend first("first"), second("second");
    registry& r = registry::global();
    r.add_backend(first);
    r.add_backend(first);
    EXPECT_EQ(r.find_backend(65), &first);
    expect_throws<value_error>([&] { r.add_backend(second); }, "device kind 65 belongs to back end 'first'");
    EXPECT_EQ(&backend_of({65, 0}), &first);
    expect_throws<device_error>([] { (void)backend_of({65, 1}); }, "first has 1 devices");
}

TEST(devices, that_nobody_registered_are_refused) {
    expect_throws<device_error>([] { (void)backend_of({99, 0}); }, "device(99):0");
    expect_throws<device_error>([] { (void)zeros({2}, f32, {99, 0}); }, "device(99):0");
    EXPECT_EQ(registry::global().find_backend(99), nullptr);
    expect_throws<device_error>([] { (void)backend_of({cpu.kind, 1}); }, "cpu:1");
}

TEST(registry, lists_ops_by_name) {
    (void)(array{1.0} + array{1.0});
    const std::vector<const op*> ops = registry::global().ops();
    EXPECT_TRUE(std::ranges::is_sorted(ops, {}, [](const op* o) { return o->name; }));
    EXPECT_TRUE(std::ranges::any_of(ops, [](const op* o) { return o->name == "array.add"; }));
}

TEST(infer, gives_specs_without_running_anything) {
    const spec a{f32, {2, 1}, cpu}, b{f32, {3}, cpu};
    const spec* in[] = {&a, &b};
    spec out[1];
    infer(body_op, in, {}, out);
    EXPECT_EQ(out[0], (spec{f32, {2, 3}, cpu}));
    EXPECT_EQ(text(out[0]), "f32 (2, 3)");
}

}  // namespace
}  // namespace tessera
