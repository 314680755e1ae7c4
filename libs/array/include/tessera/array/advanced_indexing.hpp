// NumPy's indexing in full: slices, integers, new axes, arrays of integers and boolean masks in one index.
//     getitem(x, {array({0, 2}), whole})      x[[0, 2], :]
//     getitem(x, {x > 0})                     the positive elements
//     setitem(x, {range(1, none), 0}, 5)      x with 5 in x[1:, 0]
// - Arrays of integers broadcast against each other; their shape takes the place of their axes, or comes first when a
//   slice stands between them. An integer beside them counts as one of them.
// - A mask of rank r selects along r axes, which it must have the sizes of; it stands for its nonzero positions, so
// that
//   a captured program serves every number of them.
// Throws index_error for an index out of range, for more entries than axes and for a mask of other sizes; dtype_error
// for arrays that are neither integers nor booleans.
#pragma once

#include "tessera/array/views.hpp"

namespace tessera {

// One entry of such an index.
class index_entry {
public:
    template <class Item>
        requires std::convertible_to<Item, index_item> index_entry(Item item) : item_(item) {}
        index_entry(const array& indices) : item_(whole), indices_(indices) {}

        bool is_array() const { return !indices_.is_null(); }
        const index_item& item() const { return item_; }
        const array& indices() const { return indices_; }

    private:
        index_item item_;
        array indices_;
};

// x[index].
TESSERA_ARRAY_API array getitem(const array& x, std::span<const index_entry> index);
inline array getitem(const array& x, std::initializer_list<index_entry> index) {
    return getitem(x, std::span<const index_entry>(index.begin(), index.size()));
}

// x after x[index] = value, which broadcasts to x[index] and must not change the dtype of x; of elements that are
// written twice the last one stays.
TESSERA_ARRAY_API array setitem(const array& x, std::span<const index_entry> index, const array& value);
inline array setitem(const array& x, std::initializer_list<index_entry> index, const array& value) {
    return setitem(x, std::span<const index_entry>(index.begin(), index.size()), value);
}

}  // namespace tessera
