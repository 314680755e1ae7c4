# One call makes a library of this repository: its target, headers, install rules and CMake package.
#
#   project(tessera_array VERSION 0.1.0 LANGUAGES CXX)
#   include(../../cmake/TesseraComponent.cmake)
#   tessera_component(
#     NAME array                              # target tessera_array, alias tessera::array, package tessera-array
#     SUMMARY "..."                           # one line, shown at configure
#     [HEADER_ONLY]                           # no src/
#     [SOURCES <file>...]                     # default: every src/**.cpp
#     [DEPENDS <component> <version>...]      # seen in public headers
#     [PRIVATE_DEPENDS <component> <version>...]
#     [PRIVATE_PACKAGES "<find_package arguments>"...]   # third-party packages, found again by users of a static library
#     [PRIVATE_LINK <target>...]              # the targets of those packages
#     [ADAPTERS <header>...])                 # public headers that include a third-party header their user brings along
#
# Public headers are include/tessera/<name>/**.hpp, with '-' in the name written '_'. A compiled component also gets
# tessera/<name>/export.hpp with TESSERA_<NAME>_API, which works for static and shared builds.
#
# In developer mode, programs in the component's README.md are compiled and run as tests.
#
# A dependency is taken from this build, else from its folder in this repository, else from an installed package. A
# third-party package without CMake targets of its own has a find module in this folder, which is installed beside ours.
include_guard(DIRECTORY)

include(CMakePackageConfigHelpers)
include(GenerateExportHeader)
include(GNUInstallDirs)

option(TESSERA_USE_INSTALLED_SIBLINGS "Take tessera components that are not in this build from installed packages only" OFF)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release where nobody chose" FORCE)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/TesseraDeveloper.cmake)

# The folder of a component in this repository.
function(tessera_component_folder name result)
  get_filename_component(root ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.. ABSOLUTE)
  if(name STREQUAL "interop")
    set(folder ${root}/interop)
  elseif(name MATCHES "^(.+)-views$")
    set(folder ${root}/libs/${CMAKE_MATCH_1}/views)
  else()
    set(folder ${root}/libs/${name})
  endif()
  set(${result} ${folder} PARENT_SCOPE)
endfunction()

# Adds a component's folder to this build once.
function(tessera_add_component name)
  if(TARGET tessera::${name})
    return()
  endif()
  tessera_component_folder(${name} folder)
  add_subdirectory(${folder} ${CMAKE_BINARY_DIR}/tessera/${name})
endfunction()

# SameMinorVersion before 1.0, SameMajorVersion after.
function(tessera_compatibility version result)
  if(version VERSION_LESS 1.0)
    set(${result} SameMinorVersion PARENT_SCOPE)
  else()
    set(${result} SameMajorVersion PARENT_SCOPE)
  endif()
endfunction()

# Fails when a component of this build does not serve the version that `dependent` declares.
function(tessera_check_version dependent name wanted)
  get_target_property(has tessera::${name} TESSERA_VERSION)
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" has_series ${has})
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" wanted_series ${wanted})
  tessera_compatibility(${has} compatibility)
  if(compatibility STREQUAL "SameMajorVersion")
    string(REGEX MATCH "^[0-9]+" has_series ${has})
    string(REGEX MATCH "^[0-9]+" wanted_series ${wanted})
  endif()
  if(has VERSION_LESS wanted OR NOT has_series VERSION_EQUAL wanted_series)
    message(FATAL_ERROR "tessera-${dependent} needs tessera-${name} ${wanted}, but this build has ${has} (${compatibility})")
  endif()
endfunction()

# Makes tessera::<name> available to `dependent`.
function(tessera_require dependent name version)
  tessera_component_folder(${name} folder)
  if(NOT TARGET tessera::${name})
    if(EXISTS ${folder}/CMakeLists.txt AND NOT TESSERA_USE_INSTALLED_SIBLINGS)
      tessera_add_component(${name})
    else()
      find_package(tessera-${name} ${version} CONFIG REQUIRED)
    endif()
  endif()
  if(TARGET tessera_${name})
    tessera_check_version(${dependent} ${name} ${version})
  endif()
endfunction()

function(tessera_component)
  cmake_parse_arguments(PARSE_ARGV 0 arg "HEADER_ONLY" "NAME;SUMMARY"
    "SOURCES;DEPENDS;PRIVATE_DEPENDS;PRIVATE_PACKAGES;PRIVATE_LINK;ADAPTERS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SUMMARY)
    message(FATAL_ERROR "tessera_component: NAME and SUMMARY are required; not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()

  # Targets found here must be seen where the component is linked, in whatever folder that is.
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
  set(package_lines "")
  set(public_names "")
  set(private_names "")
  foreach(kind IN ITEMS DEPENDS PRIVATE_DEPENDS)
    set(pairs ${arg_${kind}})
    while(pairs)
      list(POP_FRONT pairs name version)
      if(NOT version MATCHES "^[0-9]+\\.[0-9]+")
        message(FATAL_ERROR "tessera-${arg_NAME}: ${kind} '${name}' has no minimum version")
      endif()
      tessera_require(${arg_NAME} ${name} ${version})
      string(APPEND package_lines
        "find_dependency(tessera-${name} ${version} CONFIG HINTS \"\${CMAKE_CURRENT_LIST_DIR}/..\")\n")
      if(kind STREQUAL "DEPENDS")
        list(APPEND public_names ${name})
      else()
        list(APPEND private_names ${name})
      endif()
    endwhile()
  endforeach()
  set(find_modules "")
  list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  foreach(package IN LISTS arg_PRIVATE_PACKAGES)
    separate_arguments(package_arguments UNIX_COMMAND "${package}")
    find_package(${package_arguments} REQUIRED)
    list(GET package_arguments 0 package_name)
    if(EXISTS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/Find${package_name}.cmake)
      list(APPEND find_modules ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/Find${package_name}.cmake)
    endif()
  endforeach()

  set(target tessera_${arg_NAME})
  string(REPLACE "-" "_" identifier ${arg_NAME})
  string(TOUPPER ${identifier} macro)
  if(arg_HEADER_ONLY)
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  else()
    if(NOT arg_SOURCES)
      file(GLOB_RECURSE arg_SOURCES CONFIGURE_DEPENDS src/*.cpp)
    endif()
    add_library(${target} ${arg_SOURCES})
    set(scope PUBLIC)
  endif()
  add_library(tessera::${arg_NAME} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${arg_NAME} TESSERA_VERSION ${PROJECT_VERSION})

  list(TRANSFORM public_names PREPEND tessera:: OUTPUT_VARIABLE public_targets)
  list(TRANSFORM private_names PREPEND tessera:: OUTPUT_VARIABLE private_targets)
  target_link_libraries(${target} ${scope} ${public_targets})

  set(generated ${CMAKE_CURRENT_BINARY_DIR}/include)
  if(NOT arg_HEADER_ONLY)
    target_link_libraries(${target} PRIVATE ${private_targets} ${arg_PRIVATE_LINK})
    target_include_directories(${target} PRIVATE src)
    tessera_compile_options(${target})
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" series ${PROJECT_VERSION})
    set_target_properties(${target} PROPERTIES
      CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
      VERSION ${PROJECT_VERSION} SOVERSION ${series} INSTALL_RPATH "$ORIGIN")
    generate_export_header(${target} BASE_NAME ${target} EXPORT_FILE_NAME ${generated}/tessera/${identifier}/export.hpp
      EXPORT_MACRO_NAME TESSERA_${macro}_API STATIC_DEFINE TESSERA_${macro}_STATIC)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      target_compile_definitions(${target} PUBLIC TESSERA_${macro}_STATIC)
      # A shared library carries what it uses; a static one leaves it to whoever links.
      foreach(package IN LISTS arg_PRIVATE_PACKAGES)
        string(APPEND package_lines "find_dependency(${package})\n")
      endforeach()
    endif()
  endif()

  tessera_component_headers(${target} ${scope} ${generated} "${arg_ADAPTERS}")
  tessera_install_component(${target} ${arg_NAME} "${package_lines}" "${find_modules}")
  tessera_check_arrows(${arg_NAME} "${public_names}" "${private_names}" "${arg_ADAPTERS}")
  tessera_readme_examples(${arg_NAME})
  set_property(GLOBAL APPEND PROPERTY TESSERA_COMPONENTS_IN_BUILD ${arg_NAME})
  message(STATUS "tessera-${arg_NAME} ${PROJECT_VERSION}: ${arg_SUMMARY}")
endfunction()

# Public headers as file sets: CMake installs them, and in developer mode compiles each of `HEADERS` alone.
function(tessera_component_headers target scope generated adapters)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp)
  list(TRANSFORM adapters PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/include/)
  if(adapters)
    list(REMOVE_ITEM headers ${adapters})
  endif()
  set(bases ${CMAKE_CURRENT_SOURCE_DIR}/include)
  if(NOT scope STREQUAL "INTERFACE")
    list(APPEND bases ${generated})
    file(GLOB_RECURSE exports ${generated}/*.hpp)
    list(APPEND headers ${exports})
  endif()
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${bases} FILES ${headers})
  target_sources(${target} ${scope} FILE_SET adapters TYPE HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/include
    FILES ${adapters})
  set_target_properties(${target} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
endfunction()

function(tessera_install_component target name package_lines find_modules)
  set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tessera-${name})
  set(TESSERA_PACKAGE tessera-${name})
  set(TESSERA_PACKAGE_DEPENDENCIES "${package_lines}")
  tessera_compatibility(${PROJECT_VERSION} compatibility)
  configure_package_config_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/component-config.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/tessera-${name}-config.cmake INSTALL_DESTINATION ${package_folder}
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tessera-${name}-config-version.cmake
    COMPATIBILITY ${compatibility})
  install(TARGETS ${target} EXPORT tessera-${name}-targets FILE_SET HEADERS FILE_SET adapters)
  install(EXPORT tessera-${name}-targets NAMESPACE tessera:: DESTINATION ${package_folder})
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tessera-${name}-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/tessera-${name}-config-version.cmake ${find_modules} DESTINATION ${package_folder})
endfunction()
