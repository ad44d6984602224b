#pragma once
// The page's files, which are part of this binary (web/dist, embedded by tools/embed.py), and the
// fields that keep everything else out of it.

#include "net/server.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace console {

struct PageFile {
    std::string_view path;  ///< `/app.js`
    std::string_view type;
    std::string_view bytes;
};

/// Generated.
std::span<const PageFile> page_files();

/// gzip (RFC 1952), the same bytes for the same text.
std::string gzipped(std::string_view text);

/// Of every answer, files and API alike.
void add_guards(net::FieldList& fields);

/// Files as they are sent: compressed once, with a tag by which a browser asks whether they have
/// changed.
class Page {
public:
    Page();

    /// None for what is no file of the page.
    std::optional<net::Response> answer(const net::Request& request) const;
    /// What a browser that has nothing yet loads in all.
    std::size_t bytes_gzipped() const;

private:
    struct Ready {
        PageFile file;
        std::string gzip;
        std::string tag;
    };
    std::vector<Ready> files_;
};

}  // namespace console
