#pragma once
// A file on its way to a client, by sendfile where its socket is plain: no byte passes through
// the edge's memory.

#include "edge/files/shelf.h"
#include "edge/http/outlet.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace edge {

class FileBody {
public:
    explicit FileBody(OpenedFile opened)
        : file_(std::move(opened.file)), parts_(std::move(opened.answer.parts)) {}

    enum class Pumped : std::uint8_t {
        all,      ///< Everything was handed over (the outlet may still hold some).
        blocked,  ///< The client has no room.
        budget,   ///< Others' turn; call again.
        failed,   ///< The connection is gone, or the file has become shorter than promised.
    };
    Pumped pump(net::Channel& channel, Outlet& outlet);

private:
    /// Through memory, where a layer must see the bytes; -1 when the file or the client is gone.
    ssize_t pass(net::Channel& channel, Outlet& outlet, FilePart& part);

    std::shared_ptr<const OpenFile> file_;
    std::vector<FilePart> parts_;
    std::size_t part_ = 0;
    bool text_sent_ = false;
};

}  // namespace edge
