# find_package(TesseraBLAS COMPONENTS OpenBLAS|FLAME|Generic) -> TesseraBLAS::<component>: a BLAS with its C interface,
# cblas.h. Debian ships no CMake targets for any of them. Which library is bound is decided here and printed:
#   OpenBLAS  libopenblas.so itself, whatever the system's alternatives say
#   FLAME     libblis.so itself
#   Generic   libblas.so, the system's alternative, which can be changed after linking
# Users of the target see TESSERA_BLAS_<COMPONENT> (upper case) defined.
include(FindPackageHandleStandardArgs)

foreach(vendor IN LISTS TesseraBLAS_FIND_COMPONENTS)
  if(vendor STREQUAL "OpenBLAS")
    set(libraries openblas)
    set(folders openblas-pthread openblas-openmp openblas-serial openblas)
  elseif(vendor STREQUAL "FLAME")
    set(libraries blis)
    set(folders blis-pthread blis-openmp blis-serial blis)
  elseif(vendor STREQUAL "Generic")
    set(libraries blas)
    set(folders "")
  else()
    message(FATAL_ERROR "TesseraBLAS: unknown BLAS '${vendor}'; it is one of OpenBLAS, FLAME, Generic")
  endif()
  find_library(TesseraBLAS_${vendor}_LIBRARY NAMES ${libraries} PATH_SUFFIXES ${folders})
  find_path(TesseraBLAS_${vendor}_INCLUDE_DIR NAMES cblas.h PATH_SUFFIXES ${folders})
  mark_as_advanced(TesseraBLAS_${vendor}_LIBRARY TesseraBLAS_${vendor}_INCLUDE_DIR)
  if(TesseraBLAS_${vendor}_LIBRARY AND TesseraBLAS_${vendor}_INCLUDE_DIR)
    set(TesseraBLAS_${vendor}_FOUND TRUE)
    if(NOT TARGET TesseraBLAS::${vendor})
      string(TOUPPER ${vendor} macro)
      add_library(TesseraBLAS::${vendor} UNKNOWN IMPORTED)
      set_target_properties(TesseraBLAS::${vendor} PROPERTIES
        IMPORTED_LOCATION ${TesseraBLAS_${vendor}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${TesseraBLAS_${vendor}_INCLUDE_DIR}
        INTERFACE_COMPILE_DEFINITIONS TESSERA_BLAS_${macro})
      file(REAL_PATH ${TesseraBLAS_${vendor}_LIBRARY} bound)
      message(STATUS "BLAS: ${vendor}, ${bound}")
    endif()
  endif()
endforeach()

find_package_handle_standard_args(TesseraBLAS HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "no library or cblas.h for: ${TesseraBLAS_FIND_COMPONENTS}")
