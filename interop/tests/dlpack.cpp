#include "tessera/interop/dlpack.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "tessera/interop/array_view.hpp"
#include "tessera/interop/view_as.hpp"

namespace tessera {
namespace {

using namespace dlpack;
using testing_support::expect_error;

class dlpack_exchange : public testing::Test {
protected:
    std::vector<float> values_{0, 1, 2, 3, 4, 5};
    array_view<float, dextents<2>> transposed_{values_.data(), dextents<2>(3, 2), {1, 3}};
    int released_ = 0;
    std::function<void()> release() {
        return [this] { ++released_; };
    }
};

TEST_F(dlpack_exchange, goes_out_and_comes_back_without_copying) {
    {
        const imported_tensor back(export_versioned(as_any(transposed_), release()));
        const auto v = view_as<float, 3, 2>(back.view());
        EXPECT_EQ(v.data_handle(), values_.data());
        EXPECT_EQ(v(2, 1), 5.0F);
        EXPECT_EQ(released_, 0);
    }
    EXPECT_EQ(released_, 1);
    { const imported_tensor back(export_legacy(as_any(transposed_), release())); }
    EXPECT_EQ(released_, 2);
}

TEST_F(dlpack_exchange, is_released_once_however_often_it_moves) {
    {
        imported_tensor first(export_versioned(as_any(transposed_), release()));
        imported_tensor second(std::move(first));
        first = std::move(second);
        EXPECT_EQ((view_as<float, 3, 2>(first.view())(1, 1)), 4.0F);
        EXPECT_EQ(released_, 0);
    }
    EXPECT_EQ(released_, 1);
}

TEST_F(dlpack_exchange, keeps_read_only_views_read_only) {
    const array_view<const float, dextents<2>> constant = transposed_;
    const imported_tensor back(export_versioned(as_any(constant), release()));
    EXPECT_NO_THROW((view_as<const float, 3, 2>(back.view())));
    EXPECT_THROW((view_as<float, 3, 2>(back.view())), view_mismatch);
    expect_error<view_mismatch>([&] { export_legacy(as_any(constant), release()); },
                                "dlpack: the legacy ABI cannot mark a view read-only; export it versioned");
    EXPECT_EQ(released_, 0);
}

TEST_F(dlpack_exchange, folds_the_offset_of_host_data_into_the_address) {
    any_view v = as_any(transposed_);
    v.offset = 1;
    versioned_tensor* t = export_versioned(v, nullptr);
    EXPECT_EQ(t->dl_tensor.data, values_.data() + 1);
    EXPECT_EQ(t->dl_tensor.byte_offset, 0U);
    v.device = {7, 2};
    versioned_tensor* on_device = export_versioned(v, nullptr);
    EXPECT_EQ(on_device->dl_tensor.data, values_.data());
    EXPECT_EQ(on_device->dl_tensor.byte_offset, 4U);
    const imported_tensor back(on_device);
    EXPECT_EQ(back.view().device, (device{7, 2}));
    EXPECT_EQ(back.view().offset, 1);
    t->deleter(t);
}

TEST(dlpack_types, are_those_of_the_standard) {
    EXPECT_EQ(to_data_type(boolean), (data_type{6, 8, 1}));
    EXPECT_EQ(to_data_type(i16), (data_type{0, 16, 1}));
    EXPECT_EQ(to_data_type(u64), (data_type{1, 64, 1}));
    EXPECT_EQ(to_data_type(f16), (data_type{2, 16, 1}));
    EXPECT_EQ(to_data_type(bf16), (data_type{4, 16, 1}));
    EXPECT_EQ(to_data_type(c64), (data_type{5, 64, 1}));
    EXPECT_EQ(to_data_type(c128), (data_type{5, 128, 1}));
    for (int i = 0; i < dtype_count; ++i) {
        const auto d = static_cast<dtype>(i);
        if (d == f8e4m3 || d == f8e5m2) continue;
        EXPECT_EQ(from_data_type(to_data_type(d)), d) << name(d);
    }
}

TEST(dlpack_types, refuse_fp8_lanes_and_odd_widths) {
    expect_error<dtype_error>([] { to_data_type(f8e5m2); },
                              "dlpack: f8e5m2 is not exchanged; view it as u8 and agree on the format");
    expect_error<dtype_error>(
        [] {
            from_data_type({10, 8, 1});
        },
        "dlpack: fp8 (type code 10) is not exchanged; send it as uint8");
    expect_error<dtype_error>([] { from_data_type({2, 32, 4}); }, "dlpack: no dtype for type code 2, 32 bits, 4 lanes");
    EXPECT_THROW(from_data_type({0, 4, 1}), dtype_error);
    EXPECT_THROW(from_data_type({3, 64, 1}), dtype_error);
}

class foreign_tensor : public testing::Test {
protected:
    double values_[6] = {0, 1, 2, 3, 4, 5};
    std::int64_t shape_[2] = {2, 3};
    versioned_tensor tensor_{{1, 3},
                             &deleted_,
                             [](versioned_tensor* t) { ++*static_cast<int*>(t->manager_ctx); },
                             0,
                             {values_, 1, 0, 2, {code_float, 64, 1}, shape_, nullptr, 0}};
    int deleted_ = 0;

    template <class Error> void expect_refusal(std::string_view text) {
        expect_error<Error>([&] { imported_tensor{&tensor_}; }, text);
        EXPECT_EQ(deleted_, 0) << "a refused tensor stays the caller's";
    }
};

TEST_F(foreign_tensor, is_row_major_without_strides) {
    {
        const imported_tensor t(&tensor_);
        EXPECT_EQ((view_as<double, 2, 3>(t.view())(1, 2)), 5.0);
    }
    EXPECT_EQ(deleted_, 1);
}

TEST_F(foreign_tensor, may_begin_some_bytes_into_its_buffer) {
    tensor_.dl_tensor.byte_offset = 16;
    shape_[0] = 1;
    const imported_tensor t(&tensor_);
    EXPECT_EQ((view_as<double, 1, 3>(t.view())(0, 0)), 2.0);
}

TEST_F(foreign_tensor, of_rank_0_needs_no_shape) {
    tensor_.dl_tensor.ndim = 0;
    tensor_.dl_tensor.shape = nullptr;
    const imported_tensor t(&tensor_);
    EXPECT_EQ(view_as<double>(t.view())(), 0.0);
}

TEST_F(foreign_tensor, of_another_major_version_is_refused) {
    tensor_.version = {2, 0};
    expect_refusal<view_mismatch>("dlpack: version 2.0, understood is 1");
}

TEST_F(foreign_tensor, that_is_malformed_is_refused) {
    tensor_.dl_tensor.byte_offset = 3;
    expect_refusal<view_mismatch>("dlpack: elements of f64 are not aligned to 8 bytes");
    tensor_.dl_tensor.device_type = 4;
    expect_refusal<view_mismatch>("dlpack: byte offset 3 is not a multiple of the 8 bytes of f64");
    tensor_.dl_tensor.data = nullptr;
    expect_refusal<view_mismatch>("dlpack: a tensor of shape (2, 3) has no data");
    shape_[1] = -3;
    expect_refusal<shape_error>("dlpack: sizes are not negative, got (2, -3)");
    shape_[0] = shape_[1] = std::int64_t{1} << 40;
    expect_refusal<shape_error>(
        "dlpack: the number of elements of (1099511627776, 1099511627776) does not fit 63 bits");
    tensor_.dl_tensor.shape = nullptr;
    expect_refusal<shape_error>("dlpack: a tensor of rank 2 has no shape");
    tensor_.dl_tensor.ndim = -1;
    expect_refusal<shape_error>("dlpack: rank is 0 to 64, got -1");
    expect_error<view_mismatch>([] { imported_tensor{static_cast<legacy_tensor*>(nullptr)}; }, "dlpack: null tensor");
}

}  // namespace
}  // namespace tessera
