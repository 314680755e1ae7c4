// A vector of trivially copyable values that keeps the first eight in place and spills to the heap beyond.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>

namespace tessera {

template <class T> class inline_vector {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_default_constructible_v<T>);

public:
    static constexpr std::size_t inline_capacity = 8;

    inline_vector() noexcept {}
    inline_vector(std::initializer_list<T> values) { assign(values.begin(), values.size()); }
    inline_vector(std::span<const T> values) { assign(values.data(), values.size()); }
    inline_vector(std::size_t count, T value) {
        resize_for_overwrite(count);
        std::fill_n(data(), count, value);
    }
    inline_vector(const inline_vector& other) { copy(other); }
    inline_vector(inline_vector&& other) noexcept { take(other); }
    inline_vector& operator=(const inline_vector& other) {
        if (this != &other) copy(other);
        return *this;
    }
    inline_vector& operator=(inline_vector&& other) noexcept {
        if (this != &other) {
            delete[] heap_;
            heap_ = nullptr;
            take(other);
        }
        return *this;
    }
    ~inline_vector() { delete[] heap_; }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    T* data() noexcept { return heap_ ? heap_ : inline_; }
    const T* data() const noexcept { return heap_ ? heap_ : inline_; }
    T* begin() noexcept { return data(); }
    T* end() noexcept { return data() + size_; }
    const T* begin() const noexcept { return data(); }
    const T* end() const noexcept { return data() + size_; }
    T& operator[](std::size_t i) noexcept { return data()[i]; }
    const T& operator[](std::size_t i) const noexcept { return data()[i]; }
    T& back() noexcept { return data()[size_ - 1]; }
    const T& back() const noexcept { return data()[size_ - 1]; }

    void clear() noexcept { size_ = 0; }
    // New elements are left uninitialised.
    void resize_for_overwrite(std::size_t count) {
        if (count > capacity_) grow(count);
        size_ = static_cast<std::uint32_t>(count);
    }
    void push_back(T value) {
        if (size_ == capacity_) grow(size_ + std::size_t{1});
        data()[size_++] = value;
    }
    void insert(std::size_t position, T value) {
        push_back(value);
        std::rotate(begin() + position, end() - 1, end());
    }
    void erase(std::size_t position) {
        std::copy(begin() + position + 1, end(), begin() + position);
        --size_;
    }

    friend bool operator==(const inline_vector& a, const inline_vector& b) {
        return a.size_ == b.size_ && std::equal(a.begin(), a.end(), b.begin());
    }

private:
    void assign(const T* values, std::size_t count) {
        resize_for_overwrite(count);
        std::copy_n(values, count, data());
    }
    // All eight at once: a copy of known length is a few vector moves, one of unknown length a call.
    void copy(const inline_vector& other) {
        if (!heap_ && !other.heap_) {
            size_ = other.size_;
            std::memcpy(inline_, other.inline_, sizeof inline_);
        } else {
            assign(other.data(), other.size());
        }
    }
    void take(inline_vector& other) noexcept {
        size_ = other.size_;
        capacity_ = other.capacity_;
        heap_ = std::exchange(other.heap_, nullptr);
        if (!heap_) std::memcpy(inline_, other.inline_, sizeof inline_);
        other.size_ = 0;
        other.capacity_ = inline_capacity;
    }
    void grow(std::size_t count) {
        const std::size_t capacity = std::max<std::size_t>(count, 2 * std::size_t{capacity_});
        T* heap = new T[capacity];
        std::copy_n(data(), size_, heap);
        delete[] heap_;
        heap_ = heap;
        capacity_ = static_cast<std::uint32_t>(capacity);
    }

    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = inline_capacity;
    T* heap_ = nullptr;
    T inline_[inline_capacity] = {};  // written whole, so that a copy of it reads nothing undefined
};

}  // namespace tessera
