// All of the library.
#pragma once

#include "tessera/autograd/check_gradients.hpp"
#include "tessera/autograd/custom.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/hvp.hpp"
#include "tessera/autograd/jacobian.hpp"
#include "tessera/autograd/jvp.hpp"
#include "tessera/autograd/stop_gradient.hpp"
#include "tessera/autograd/variable.hpp"
#include "tessera/autograd/vmap.hpp"
