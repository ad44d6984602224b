#pragma once
// Bytes of files in and out, streamed: POST /files, POST /uploads/{id}, GET /files/{id}.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "chat/call.h"
#include "chat/desk.h"
#include "net/loop.h"
#include "net/server.h"

namespace chat {

/// Used on the loop's thread.
class Transfers {
public:
    /// Sends an answer with the fields that every answer of this instance has.
    using Reply = std::function<void(const net::ExchangePtr&, const Call&, Answer)>;

    /// Files are kept below `folder`, which all instances share.
    Transfers(Desk& desk, std::filesystem::path folder, Reply reply);

    /// A multipart form with `channel_id` and any number of files, or one raw file with
    /// `?channel_id=&filename=`. Nothing is kept of an upload that does not arrive whole.
    void receive_files(const net::ExchangePtr& exchange, const Call& call);

    /// The next part of an upload, raw or as a multipart form. What arrived is kept, also when the
    /// connection is lost: the client asks for the offset and goes on, at any instance.
    void receive_part(const net::ExchangePtr& exchange, const Call& call,
                      const std::string& upload_id);

    void send_file(const net::ExchangePtr& exchange, const Call& call, const std::string& file_id);

private:
    class Form;
    class Part;
    class Download;

    Desk& desk_;
    std::filesystem::path folder_;
    Reply reply_;
};

}  // namespace chat
