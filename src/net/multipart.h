#pragma once
// multipart/form-data (RFC 7578) as a stream: parts of any size in constant memory.

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

struct PartHead {
    std::string name;
    std::string file_name;     ///< Empty where the part is no file.
    std::string content_type;  ///< As sent; empty where it was not.
};

/// Takes what a parser finds; views are valid during the call only.
class PartHandler {
public:
    virtual ~PartHandler() = default;
    virtual void on_part(const PartHead& head) = 0;
    virtual void on_part_bytes(std::string_view bytes) = 0;
    virtual void on_part_end() = 0;
};

enum class MultipartFault : std::uint8_t {
    none,
    bad_boundary,  ///< In the content type.
    bad_delimiter,
    bad_head,
    head_too_long,
    too_many_parts,
    no_name,
};
std::string_view name_of(MultipartFault fault);

/// The boundary of a Content-Type field's value; empty where it is not multipart/form-data or has
/// none.
std::string boundary_of(std::string_view content_type);

class MultipartParser {
public:
    explicit MultipartParser(std::string_view boundary);

    /// Consumes all bytes; false once wrong.
    bool feed(std::string_view bytes, PartHandler& handler);
    /// Whether the closing delimiter has been seen.
    bool complete() const { return stage_ == Stage::epilogue; }
    MultipartFault fault() const { return fault_; }

private:
    enum class Stage : std::uint8_t { preamble, after_delimiter, head, bytes, epilogue, failed };

    std::string_view search(std::string_view bytes, PartHandler& handler);
    std::string_view after_delimiter(std::string_view bytes);
    std::string_view head_bytes(std::string_view bytes, PartHandler& handler);
    bool fail(MultipartFault fault);

    std::string delimiter_;  ///< CRLF, two hyphens, boundary.
    std::string held_;       ///< What may be the front of a delimiter, or a head so far.
    std::uint32_t parts_ = 0;
    Stage stage_ = Stage::preamble;
    MultipartFault fault_ = MultipartFault::none;
};

}  // namespace net
