// Rules that many ops share. All throw with the op's name, the rule and the actual values.
#pragma once

#include "tessera/array/op.hpp"

namespace tessera::shapes {

// Every output has the first input's shape.
TESSERA_ARRAY_API void same(const rule_args&, std::span<spec* const> out);
// NumPy broadcasting of all inputs.
TESSERA_ARRAY_API void broadcast(const rule_args&, std::span<spec* const> out);

// The broadcast of two shapes; op_name is for the error.
TESSERA_ARRAY_API dims broadcast(const dims& a, const dims& b, std::string_view op_name);

// Throws shape_error when the rank is above max_rank.
TESSERA_ARRAY_API void check_rank(const dims& shape, std::string_view op_name);

}  // namespace tessera::shapes

namespace tessera::dtypes {

TESSERA_ARRAY_API void same(const rule_args&, std::span<spec* const> out);       // all inputs equal; the outputs too
TESSERA_ARRAY_API void boolean(const rule_args&, std::span<spec* const> out);    // all inputs equal; boolean outputs
TESSERA_ARRAY_API void real_part(const rule_args&, std::span<spec* const> out);  // c64 to f32, c128 to f64, others same
TESSERA_ARRAY_API void first(const rule_args&,
                             std::span<spec* const> out);  // the first input's, whatever the others are

}  // namespace tessera::dtypes

namespace tessera {

// An axis in [-rank, rank) as one in [0, rank). Throws index_error.
TESSERA_ARRAY_API int normalize_axis(int axis, std::size_t rank, std::string_view op_name);
// Sorted, distinct axes in [0, rank). Throws index_error when one is out of range or given twice.
TESSERA_ARRAY_API axes normalize_axes(const axes& given, std::size_t rank, std::string_view op_name);

}  // namespace tessera
