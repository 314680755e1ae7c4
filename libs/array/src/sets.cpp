// Distinct values, membership and counts: composites of sorting and searching.
#include "tessera/array/sets.hpp"

#include "operands.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/cumulative.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/sorting.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/array/views.hpp"

namespace tessera {

namespace {

array flat(const array& x, std::string_view name, int position = 0) {
    if (x.is_null()) throw value_error(text(name, ": argument ", position, " is a null array"));
    if (is_complex(x.dtype())) throw dtype_error(text(name, ": is not defined for ", x.dtype()));
    return reshape(x, {-1});
}

void require_edges(const array& x, const array& edges, std::string_view name, std::string_view what) {
    (void)flat(x, name);
    (void)flat(edges, name, 1);
    if (edges.rank() != 1) throw shape_error(text(name, ": ", what, " must have rank 1, got ", edges.shape()));
}

// Which elements of a sorted array are not the one before them.
array begins_value(const array& sorted) {
    if (sorted.size() == extent{0}) return zeros({0}, boolean, sorted.device());
    const array before = slice(sorted, {range(none, -1)}), after = slice(sorted, {range(1, none)});
    array differs = not_equal(before, after);
    if (is_inexact(sorted.dtype())) differs = logical_and(differs, logical_not(isnan(before)));  // NaN come last
    return concat({ones({1}, boolean, sorted.device()), differs});
}

array only(const array& x, const array& condition) { return take(x, flatnonzero(condition), 0); }

}  // namespace

unique_result unique_all(const array& x) {
    const array all = flat(x, "array.unique_all");
    const array order = argsort(all);
    const array sorted = take(all, order, 0);
    const array begins = begins_value(sorted);
    const array starts = flatnonzero(begins);
    const array which = cumsum(begins, 0) - 1;
    const array ends =
        concat({slice(starts, {range(1, none)}), reshape(scalar_of(all.size(), i64, all.device()), {1})});
    return {.values = take(sorted, starts, 0),
            .indices = take(order, starts, 0),
            .inverse_indices = reshape(put_along_axis(zeros_like(which), order, which, 0), x.shape()),
            .counts = all.size() == extent{0} ? starts : ends - starts};
}

array unique_values(const array& x) {
    const array sorted = sort(flat(x, "array.unique_values"));
    return only(sorted, begins_value(sorted));
}

array isin(const array& x, const array& y) {
    constexpr std::string_view name = "array.isin";
    (void)flat(x, name);
    const array among = flat(y, name, 1);
    if (among.size() == extent{0}) return zeros(x.shape(), boolean, x.device());
    const dtype met = result_type(x, among);
    const array sorted = sort(astype(among, met)), wanted = astype(x, met);
    const array last = scalar_of(among.size(), i64, x.device()) - 1;
    return equal(take(sorted, minimum(searchsorted(sorted, wanted), last), 0), wanted);
}

array intersect1d(const array& x, const array& y) {
    (void)flat(y, "array.intersect1d", 1);
    const dtype met = result_type(x, y);
    const array values = unique_values(astype(flat(x, "array.intersect1d"), met));
    return only(values, isin(values, y));
}

array union1d(const array& x, const array& y) {
    return unique_values(concat({flat(x, "array.union1d"), flat(y, "array.union1d", 1)}));
}

array setdiff1d(const array& x, const array& y) {
    const array values = unique_values(flat(x, "array.setdiff1d"));
    return only(values, logical_not(isin(values, flat(y, "array.setdiff1d", 1))));
}

array bincount(const array& x, extent at_least) {
    constexpr std::string_view name = "array.bincount";
    const array all = flat(x, name);
    if (x.rank() != 1) throw shape_error(text(name, ": takes a list, got shape ", x.shape()));
    if (!is_integer(x.dtype())) throw dtype_error(text(name, ": takes integers, got ", x.dtype()));
    if (all.size() == extent{0}) return zeros({at_least}, i64, x.device());
    // Seen as u64, a negative number is out of every range.
    const array numbers = astype(all, u64);
    const extent size = max(to_extent(maximum(astype(max(all), i64), -1) + 1), at_least);
    return scatter_add(ones(all.shape(), i64, x.device()), numbers, 0, size);
}

array digitize(const array& x, const array& bins, bool right) {
    require_edges(x, bins, "array.digitize", "bins");
    return searchsorted(bins, x, right ? search_side::left : search_side::right);
}

array histogram(const array& x, const array& edges) {
    require_edges(x, edges, "array.histogram", "edges");
    const dtype met = result_type(x, edges);
    const array sorted = sort(astype(flat(x, "array.histogram"), met));
    const array below = searchsorted(sorted, slice(edges, {range(none, -1)}));
    const array last = searchsorted(sorted, slice(edges, {range(-1, none)}), search_side::right);
    const array ends = concat({slice(below, {range(1, none)}), last});
    return ends - below;
}

}  // namespace tessera
