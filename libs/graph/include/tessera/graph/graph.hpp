// All of the library.
#pragma once

#include "tessera/graph/compile.hpp"
#include "tessera/graph/control.hpp"
#include "tessera/graph/function.hpp"
#include "tessera/graph/fused.hpp"
