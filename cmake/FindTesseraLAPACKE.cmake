# find_package(TesseraLAPACKE) -> TesseraLAPACKE::TesseraLAPACKE: LAPACK's C interface, lapacke.h. It calls the system's
# liblapack.so.3, an alternative that can be changed after linking; a BLAS linked before it that brings LAPACK of its own,
# as OpenBLAS does, comes first.
include(FindPackageHandleStandardArgs)

find_library(TesseraLAPACKE_LIBRARY NAMES lapacke)
find_path(TesseraLAPACKE_INCLUDE_DIR NAMES lapacke.h PATH_SUFFIXES lapacke)
mark_as_advanced(TesseraLAPACKE_LIBRARY TesseraLAPACKE_INCLUDE_DIR)
find_package_handle_standard_args(TesseraLAPACKE REQUIRED_VARS TesseraLAPACKE_LIBRARY TesseraLAPACKE_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "no liblapacke or no lapacke.h, which Debian has in liblapacke-dev")
if(TesseraLAPACKE_FOUND AND NOT TARGET TesseraLAPACKE::TesseraLAPACKE)
  add_library(TesseraLAPACKE::TesseraLAPACKE UNKNOWN IMPORTED)
  set_target_properties(TesseraLAPACKE::TesseraLAPACKE PROPERTIES
    IMPORTED_LOCATION ${TesseraLAPACKE_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${TesseraLAPACKE_INCLUDE_DIR})
endif()
