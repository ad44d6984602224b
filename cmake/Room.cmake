# A room is one folder of src/, one library, one test binary. Files are found, not listed:
# x.cpp belongs to the library, x_test.cpp to the tests, main.cpp and *_main.cpp to programs,
# x_fuzz.cpp to a fuzz target of its own.

set(CROSSFADE_PCH
    <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <string> <string_view>
    <tuple> <utility> <variant> <vector> <fmt/core.h> <tl/expected.hpp>)

function(room name)
    cmake_parse_arguments(ARG "" "FOLDER" "ON;USES" ${ARGN})
    if(NOT ARG_FOLDER)
        set(ARG_FOLDER ${CMAKE_SOURCE_DIR}/src/${name})
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARG_FOLDER}/*.cpp)
    set(tests ${sources})
    set(fuzzers ${sources})
    list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|main)\\.cpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")

    if(sources)
        add_library(${name} STATIC ${sources})
        target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
        target_link_libraries(${name} PUBLIC ${ARG_ON} ${ARG_USES} Threads::Threads)
        target_precompile_headers(${name} PRIVATE ${CROSSFADE_PCH})
    else()
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
        target_link_libraries(${name} INTERFACE ${ARG_ON} ${ARG_USES} Threads::Threads)
    endif()

    if(tests)
        add_executable(${name}_test ${tests})
        target_link_libraries(${name}_test PRIVATE ${name} GTest::gmock GTest::gtest_main
            rapidcheck)
        target_precompile_headers(${name}_test PRIVATE ${CROSSFADE_PCH} <gtest/gtest.h>)
        target_compile_definitions(${name}_test PRIVATE
            CROSSFADE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
        set_tests_properties(${name} PROPERTIES TIMEOUT 600)
    endif()

    if(CROSSFADE_FUZZ)
        foreach(file ${fuzzers})
            get_filename_component(target ${file} NAME_WE)
            add_executable(${target} ${file})
            target_link_libraries(${target} PRIVATE ${name})
            target_link_options(${target} PRIVATE -fsanitize=fuzzer)
            if(NOT TARGET fuzzers)
                add_custom_target(fuzzers)
            endif()
            add_dependencies(fuzzers ${target})
        endforeach()
    endif()

    # What a room's tests need beyond the rule.
    include(${ARG_FOLDER}/tests.cmake OPTIONAL)
endfunction()

function(program name main)
    cmake_parse_arguments(ARG "" "" "ON" ${ARGN})
    add_executable(${name} ${main})
    target_link_libraries(${name} PRIVATE ${ARG_ON})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()
