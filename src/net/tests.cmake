# llhttp, where Debian's node-llhttp is installed, judges beside our parser: in tests and fuzzing
# only, never in the product.
find_path(LLHTTP_SOURCES llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH)
find_path(LLHTTP_HEADERS llhttp.h PATHS /usr/share/include/llhttp NO_DEFAULT_PATH)
if(LLHTTP_SOURCES AND LLHTTP_HEADERS)
    add_library(llhttp_oracle STATIC EXCLUDE_FROM_ALL
        ${LLHTTP_SOURCES}/llhttp.c ${LLHTTP_SOURCES}/api.c ${LLHTTP_SOURCES}/http.c)
    target_include_directories(llhttp_oracle SYSTEM PUBLIC ${LLHTTP_HEADERS})
    target_compile_options(llhttp_oracle PRIVATE -w)
    foreach(target net_test http1_fuzz)
        if(TARGET ${target})
            target_link_libraries(${target} PRIVATE llhttp_oracle)
            target_compile_definitions(${target} PRIVATE CROSSFADE_LLHTTP)
        endif()
    endforeach()
else()
    message(STATUS "llhttp is not installed (node-llhttp): net is tested without an oracle")
endif()

# Ordinary tests replay the corpora: each fuzz target is compiled in under a name of its own.
if(NOT CROSSFADE_FUZZ)
    foreach(name http1 http2 http2_client websocket multipart)
        set(file ${CMAKE_SOURCE_DIR}/src/net/${name}_fuzz.cpp)
        target_sources(net_test PRIVATE ${file})
        set_source_files_properties(${file} PROPERTIES
            COMPILE_DEFINITIONS LLVMFuzzerTestOneInput=fuzz_${name})
    endforeach()
    target_compile_definitions(net_test PRIVATE CROSSFADE_REPLAY)
endif()
