#include "tessera/simd/stream.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tessera::simd {
namespace {

TEST(stream, copies_every_byte_and_no_other_from_any_to_any_alignment) {
    std::vector<unsigned char> from(400), to(400);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<unsigned char>(i * 7 + 1);
    for (const std::size_t bytes : {0U, 1U, 15U, 16U, 63U, 64U, 65U, 200U})
        for (std::size_t at = 0; at < 17; ++at) {
            std::fill(to.begin(), to.end(), static_cast<unsigned char>(0xEE));
            stream(to.data() + at, from.data() + 3, bytes);
            stream_fence();
            for (std::size_t i = 0; i < to.size(); ++i)
                ASSERT_EQ(to[i], i >= at && i < at + bytes ? from[i - at + 3] : 0xEE) << bytes << " at " << at;
        }
}

}  // namespace
}  // namespace tessera::simd
