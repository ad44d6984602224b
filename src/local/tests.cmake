# Agent and edge as processes of their own, for the tests of Machine.
add_executable(local_machine ${CMAKE_SOURCE_DIR}/src/local/machine_main.cpp)
target_link_libraries(local_machine PRIVATE local)
add_dependencies(local_test local_machine)
target_compile_definitions(local_test PRIVATE
    CROSSFADE_MACHINE_PROGRAM="$<TARGET_FILE:local_machine>")
