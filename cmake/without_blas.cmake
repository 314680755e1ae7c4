# -DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=<this file>: a build that behaves as on a machine without BLAS and LAPACK, even where
# they are installed. find_package does not find them, and including their headers is an error.
foreach(package IN ITEMS TesseraBLAS BLAS LAPACK OpenBLAS LAPACKE)
  set(CMAKE_DISABLE_FIND_PACKAGE_${package} ON)
endforeach()
foreach(header IN ITEMS cblas.h cblas-openblas.h lapacke.h lapack.h)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/without_blas/${header} CONTENT "#error \"no BLAS in this build: ${header}\"\n")
endforeach()
include_directories(BEFORE ${CMAKE_BINARY_DIR}/without_blas)
