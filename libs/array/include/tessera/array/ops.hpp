// Every public op of the array library.
#pragma once

#include "tessera/array/advanced_indexing.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/cumulative.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/random.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/sets.hpp"
#include "tessera/array/sorting.hpp"
#include "tessera/array/statistics.hpp"
#include "tessera/array/tree.hpp"
#include "tessera/array/triangles.hpp"
#include "tessera/array/views.hpp"
