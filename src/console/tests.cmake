# The page as it was built from web/, part of the library: a binary needs no file beside it.
set(CONSOLE_PAGE ${CMAKE_BINARY_DIR}/page_files.cpp)
file(GLOB CONSOLE_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/*)
add_custom_command(OUTPUT ${CONSOLE_PAGE}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/embed.py ${CONSOLE_PAGE} ${CMAKE_SOURCE_DIR}/web/dist
    DEPENDS ${CONSOLE_FILES} ${CMAKE_SOURCE_DIR}/tools/embed.py)
target_sources(console PRIVATE ${CONSOLE_PAGE})
