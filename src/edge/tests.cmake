# Ordinary tests replay the corpora: each fuzz target is compiled in under a name of its own.
if(NOT CROSSFADE_FUZZ)
    foreach(name config http/cookies)
        get_filename_component(short ${name} NAME)
        set(file ${CMAKE_SOURCE_DIR}/src/edge/${name}_fuzz.cpp)
        target_sources(edge_test PRIVATE ${file})
        set_source_files_properties(${file} PROPERTIES
            COMPILE_DEFINITIONS LLVMFuzzerTestOneInput=fuzz_${short})
    endforeach()
    set_source_files_properties(${CMAKE_SOURCE_DIR}/src/edge/corpus_test.cpp PROPERTIES
        COMPILE_DEFINITIONS CROSSFADE_REPLAY)
endif()
