// What the constructors of optimisers, clips and schedules ask of their numbers.
#pragma once

#include <string_view>

namespace tessera::dl {

// Throws value_error unless value is a finite number of at least 0.
void require_at_least_zero(std::string_view name, std::string_view what, double value);
// Throws value_error unless value is in [0, 1).
void require_fraction(std::string_view name, std::string_view what, double value);
// Both betas in [0, 1).
void require_betas(std::string_view name, double beta1, double beta2);

}  // namespace tessera::dl
