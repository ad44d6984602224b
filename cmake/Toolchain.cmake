# Compiler, linker and cache: what is there is used, nothing is required but the compiler.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                    -Wold-style-cast -Wnon-virtual-dtor -fdiagnostics-color=auto
                    # Designated initialisers name what differs from the defaults on purpose.
                    -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Wrong about inlined std::string once optimised (GCC bugs 105651, 105329).
    add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

option(CROSSFADE_WERROR "Treat warnings as errors" OFF)
if(CROSSFADE_WERROR)
    add_compile_options(-Werror)
endif()

option(CROSSFADE_FUZZ "Build the fuzz targets (clang)" OFF)
set(CROSSFADE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(CROSSFADE_SANITIZE)
    add_compile_options(-fsanitize=${CROSSFADE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${CROSSFADE_SANITIZE})
    if(NOT CROSSFADE_SANITIZE MATCHES "thread")
        add_compile_options(-fno-sanitize-recover=all)
    endif()
endif()
