# Ordinary tests replay the corpora: each fuzz target is compiled in under a name of its own.
if(NOT CROSSFADE_FUZZ)
    foreach(name config http/cookies takeover/wire)
        get_filename_component(short ${name} NAME)
        set(file ${CMAKE_SOURCE_DIR}/src/edge/${name}_fuzz.cpp)
        target_sources(edge_test PRIVATE ${file})
        set_source_files_properties(${file} PROPERTIES
            COMPILE_DEFINITIONS LLVMFuzzerTestOneInput=fuzz_${short})
    endforeach()
    set_source_files_properties(${CMAKE_SOURCE_DIR}/src/edge/corpus_test.cpp PROPERTIES
        COMPILE_DEFINITIONS CROSSFADE_REPLAY)
endif()

# Counts every allocation of its process, which no other test would bear.
add_executable(edge_steady_test
    ${CMAKE_SOURCE_DIR}/src/edge/worker/steady_main.cpp ${CMAKE_SOURCE_DIR}/src/edge/testing_test.cpp)
target_link_libraries(edge_steady_test PRIVATE edge GTest::gtest_main)
add_test(NAME edge_steady COMMAND edge_steady_test --gtest_brief=1)
set_tests_properties(edge_steady PROPERTIES TIMEOUT 60)

# Sends go through io_uring in all other tests, where the kernel allows it.
add_test(NAME edge_epoll COMMAND edge_test --gtest_brief=1
    "--gtest_filter=Proxy.*:Replay.*:Splice*")
set_tests_properties(edge_epoll PROPERTIES TIMEOUT 120 ENVIRONMENT CROSSFADE_TEST_IO=epoll)

# What a request costs, counted: instructions, system calls, memory. 77: no valgrind or strace.
if(CMAKE_BUILD_TYPE STREQUAL Release)
    add_test(NAME edge_budget COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/budget/edge.py)
    set_tests_properties(edge_budget PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
        ENVIRONMENT CROSSFADE_BIN=${CMAKE_BINARY_DIR}/bin)
endif()
