// Exchange of arrays with other frameworks over DLPack, both the versioned (1.x) and the legacy ABI, without copies.
// The structs are DLPack's own, bit by bit, under our names; pointers to them are reinterpreted as those of dlpack.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/layout.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dlpack {

struct data_type {  // DLDataType
    std::uint8_t code;
    std::uint8_t bits;
    std::uint16_t lanes;
    friend constexpr bool operator==(data_type, data_type) = default;
};

enum type_code : std::uint8_t { code_int, code_uint, code_float, code_handle, code_bfloat, code_complex, code_bool };

struct tensor {  // DLTensor
    void* data;
    std::int32_t device_type, device_id;
    std::int32_t ndim;
    data_type dtype;
    std::int64_t* shape;
    std::int64_t* strides;  // in elements; null: dense row-major
    std::uint64_t byte_offset;
};

struct legacy_tensor {  // DLManagedTensor
    tensor dl_tensor;
    void* manager_ctx;
    void (*deleter)(legacy_tensor*);
};

struct version {  // DLPackVersion
    std::uint32_t major, minor;
};
inline constexpr version written_version{1, 0};

enum flag : std::uint64_t { flag_read_only = 1, flag_copied = 2 };

struct versioned_tensor {  // DLManagedTensorVersioned
    dlpack::version version;
    void* manager_ctx;
    void (*deleter)(versioned_tensor*);
    std::uint64_t flags;
    tensor dl_tensor;
};

// Throws dtype_error for the f8 dtypes: DLPack gave them codes late and frameworks disagree on them.
inline data_type to_data_type(dtype d) {
    const auto bits = static_cast<std::uint8_t>(8 * item_size(d));
    if (d == f8e4m3 || d == f8e5m2)
        throw dtype_error(text("dlpack: ", d, " is not exchanged; view it as u8 and agree on the format"));
    if (d == bf16) return {code_bfloat, bits, 1};
    switch (kind(d)) {
    case dtype_kind::boolean: return {code_bool, bits, 1};
    case dtype_kind::signed_integer: return {code_int, bits, 1};
    case dtype_kind::unsigned_integer: return {code_uint, bits, 1};
    case dtype_kind::floating: return {code_float, bits, 1};
    case dtype_kind::complex: break;
    }
    return {code_complex, bits, 1};
}

// Throws dtype_error for what no dtype is: other widths, vectors of lanes, opaque handles, f8 and narrower.
inline dtype from_data_type(data_type t) {
    for (int i = 0; i < dtype_count; ++i) {
        const auto d = static_cast<dtype>(i);
        if (d != f8e4m3 && d != f8e5m2 && to_data_type(d) == t) return d;
    }
    constexpr std::uint8_t first_f8 = 7, last_f8 = 14;
    if (t.code >= first_f8 && t.code <= last_f8)
        throw dtype_error(
            text("dlpack: fp8 (type code ", static_cast<int>(t.code), ") is not exchanged; send it as uint8"));
    throw dtype_error(text("dlpack: no dtype for type code ", static_cast<int>(t.code), ", ", static_cast<int>(t.bits),
                           " bits, ", static_cast<int>(t.lanes), " lanes"));
}

namespace detail {

template <class Managed> struct exported {
    Managed managed{};
    std::vector<std::int64_t> shape, strides;
    std::function<void()> release;
};

inline void check_exportable(const any_view& v) {
    if (v.rank < 0 || (v.rank > 0 && (v.shape == nullptr || v.strides == nullptr)))
        throw view_mismatch(text("dlpack: a view of rank ", v.rank, " without shape or strides"));
    if (element_count(v.sizes(), "dlpack") != 0 && v.data == nullptr)
        throw view_mismatch(text("dlpack: a view of shape ", v.sizes(), " has no data"));
}

template <class Managed> Managed* make_exported(const any_view& v, std::function<void()> release) {
    check_exportable(v);
    auto block = std::make_unique<exported<Managed>>();
    block->shape.assign(v.sizes().begin(), v.sizes().end());
    block->strides.assign(v.steps().begin(), v.steps().end());

    const bool is_host = v.device.kind == cpu.kind || (v.flags & view_host_value) != 0;
    const device where = is_host && v.device.kind != cpu.kind ? cpu : v.device;
    tensor& t = block->managed.dl_tensor;
    // Host addresses are sent whole, as most readers ignore byte_offset; a device's handle cannot be moved.
    t.data = is_host && v.data != nullptr ? v.first() : v.data;
    if (!is_host && v.offset < 0) throw view_mismatch(text("dlpack: offset ", v.offset, " on ", v.device));
    t.byte_offset = is_host ? 0 : static_cast<std::uint64_t>(v.offset) * item_size(v.dtype);
    t.device_type = where.kind;
    t.device_id = where.index;
    t.ndim = v.rank;
    t.dtype = to_data_type(v.dtype);
    t.shape = block->shape.data();
    t.strides = block->strides.data();

    block->managed.deleter = [](Managed* managed) {
        const std::unique_ptr<exported<Managed>> owner(static_cast<exported<Managed>*>(managed->manager_ctx));
        if (owner->release) owner->release();
    };
    block->managed.manager_ctx = block.get();
    block->release = std::move(release);
    return &block.release()->managed;
}

}  // namespace detail

// A tensor over the view's elements, which stay where they are; its deleter calls release once, which must not throw.
// Throws dtype_error for f8 and view_mismatch for what is no view; then release has not been taken over.
inline versioned_tensor* export_versioned(const any_view& v, std::function<void()> release) {
    versioned_tensor* result = detail::make_exported<versioned_tensor>(v, std::move(release));
    result->version = written_version;
    result->flags = (v.flags & view_read_only) != 0 ? std::uint64_t{flag_read_only} : 0U;
    return result;
}

// The same in the ABI before 1.0. It cannot say "read-only", so that read-only views are refused with view_mismatch.
inline legacy_tensor* export_legacy(const any_view& v, std::function<void()> release) {
    if ((v.flags & view_read_only) != 0)
        throw view_mismatch("dlpack: the legacy ABI cannot mark a view read-only; export it versioned");
    return detail::make_exported<legacy_tensor>(v, std::move(release));
}

// A tensor of another framework, held until this object dies, which calls its deleter. Move-only.
// Construction throws dtype_error, shape_error or view_mismatch for what cannot be viewed; then the tensor has not been
// taken over and still is the caller's to delete.
class imported_tensor {
public:
    explicit imported_tensor(versioned_tensor* managed) {
        if (managed == nullptr) throw view_mismatch("dlpack: null tensor");
        if (managed->version.major != written_version.major) {
            throw view_mismatch(text("dlpack: version ", managed->version.major, ".", managed->version.minor,
                                     ", understood is ", written_version.major));
        }
        read(managed->dl_tensor);
        if ((managed->flags & flag_read_only) != 0) view_.flags |= view_read_only;
        owner_ = owner(managed, [](void* m) { release(static_cast<versioned_tensor*>(m)); });
    }

    explicit imported_tensor(legacy_tensor* managed) {
        if (managed == nullptr) throw view_mismatch("dlpack: null tensor");
        read(managed->dl_tensor);
        owner_ = owner(managed, [](void* m) { release(static_cast<legacy_tensor*>(m)); });
    }

    // Valid as long as this object; it may be moved meanwhile.
    const any_view& view() const { return view_; }

private:
    using owner = std::unique_ptr<void, void (*)(void*)>;

    template <class Managed> static void release(Managed* managed) {
        if (managed->deleter != nullptr) managed->deleter(managed);
    }

    void read(const tensor& t) {
        view_.dtype = from_data_type(t.dtype);
        view_.device = {t.device_type, t.device_id};
        if (t.ndim < 0 || t.ndim > 64) throw shape_error(text("dlpack: rank is 0 to 64, got ", t.ndim));
        if (t.ndim > 0 && t.shape == nullptr)
            throw shape_error(text("dlpack: a tensor of rank ", t.ndim, " has no shape"));
        view_.rank = t.ndim;
        view_.shape = t.shape;
        const std::int64_t count = element_count(view_.sizes(), "dlpack");
        if (count != 0 && t.data == nullptr)
            throw view_mismatch(text("dlpack: a tensor of shape ", view_.sizes(), " has no data"));

        view_.strides = t.strides;
        if (t.strides == nullptr && t.ndim > 0) {
            dense_strides_.resize(static_cast<std::size_t>(t.ndim));
            row_major_strides(view_.sizes(), dense_strides_);
            view_.strides = dense_strides_.data();
        }
        place(t);
    }

    void place(const tensor& t) {
        view_.data = t.data;
        if (t.data == nullptr) return;
        const std::size_t size = item_size(view_.dtype);
        if (view_.device.kind == cpu.kind) {
            auto* first = static_cast<std::byte*>(t.data) + t.byte_offset;
            const std::size_t alignment = size < 8 ? size : 8;
            if (reinterpret_cast<std::uintptr_t>(first) % alignment != 0)
                throw view_mismatch(
                    text("dlpack: elements of ", view_.dtype, " are not aligned to ", alignment, " bytes"));
            view_.data = first;
        } else {
            if (t.byte_offset % size != 0)
                throw view_mismatch(text("dlpack: byte offset ", t.byte_offset, " is not a multiple of the ", size,
                                         " bytes of ", view_.dtype));
            view_.offset = static_cast<std::int64_t>(t.byte_offset / size);
        }
    }

    any_view view_;
    std::vector<std::int64_t> dense_strides_;
    owner owner_{nullptr, [](void*) {}};
};

}  // namespace tessera::dlpack
