// A growing list that keeps its first N elements in place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace tessera::detail {

template <class T, std::size_t N> class short_vector {
public:
    short_vector() = default;
    explicit short_vector(std::size_t count) { resize(count); }
    short_vector(const short_vector&) = delete;
    short_vector& operator=(const short_vector&) = delete;

    std::size_t size() const noexcept { return size_; }
    T* data() noexcept { return heap_ ? heap_.get() : few_; }
    const T* data() const noexcept { return heap_ ? heap_.get() : few_; }
    T* begin() noexcept { return data(); }
    T* end() noexcept { return data() + size_; }
    const T* begin() const noexcept { return data(); }
    const T* end() const noexcept { return data() + size_; }
    T& operator[](std::size_t i) noexcept { return data()[i]; }
    const T& operator[](std::size_t i) const noexcept { return data()[i]; }
    T& back() noexcept { return data()[size_ - 1]; }
    std::span<T> all() { return {data(), size_}; }
    std::span<const T> all() const { return {data(), size_}; }
    std::span<T> part(std::size_t first, std::size_t count) { return {data() + first, count}; }
    std::span<const T> part(std::size_t first, std::size_t count) const { return {data() + first, count}; }

    // Only grows; new elements are T{}.
    void resize(std::size_t count) {
        if (count > capacity_) grow(count);
        size_ = count;
    }
    void push_back(T value) {
        resize(size_ + 1);
        back() = std::move(value);
    }

private:
    void grow(std::size_t count) {
        const std::size_t capacity = std::max(count, 2 * capacity_);
        auto larger = std::make_unique<T[]>(capacity);
        std::move(begin(), end(), larger.get());
        heap_ = std::move(larger);
        capacity_ = capacity;
    }

    std::size_t size_ = 0;
    std::size_t capacity_ = N;
    std::unique_ptr<T[]> heap_;
    T few_[N]{};
};

}  // namespace tessera::detail
