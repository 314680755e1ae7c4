// Every error Tessera throws. The text names the op, the rule and the actual values:
//     linalg.solve: b has shape (3, 1) but a has (4, 4)
#pragma once

#include <stdexcept>
#include <string>

namespace tessera {

// Root of the hierarchy; never thrown itself.
class [[gnu::visibility("default")]] error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class [[gnu::visibility("default")]] shape_error : public error {
    using error::error;
};  // sizes, ranks, axes that do not fit
class [[gnu::visibility("default")]] dtype_error : public error {
    using error::error;
};  // an element type an op does not take
class [[gnu::visibility("default")]] index_error : public error {
    using error::error;
};  // an index or axis out of range
class [[gnu::visibility("default")]] value_error : public error {
    using error::error;
};  // an argument whose value breaks a rule
class [[gnu::visibility("default")]] view_mismatch : public error {
    using error::error;
};  // view_as with another type, rank or extent
class [[gnu::visibility("default")]] no_kernel : public error {
    using error::error;
};  // no kernel of the device takes the arguments
class [[gnu::visibility("default")]] not_differentiable : public error {
    using error::error;
};  // a derivative that does not exist
class [[gnu::visibility("default")]] device_error : public error {
    using error::error;
};  // unknown, mixed or failing devices
class [[gnu::visibility("default")]] out_of_memory : public device_error {
    using device_error::device_error;
};
class [[gnu::visibility("default")]] singular_matrix : public error {
    using error::error;
};
class [[gnu::visibility("default")]] format_error : public error {
    using error::error;
};  // malformed files and texts

}  // namespace tessera
