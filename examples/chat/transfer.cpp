#include "chat/transfer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/percent.h"
#include "chat/files.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/wire.h"
#include "net/multipart.h"
#include "net/url.h"

namespace chat {
namespace {

Answer not_written(const Call& call) {
    return refusal(507, "api.file.write_file.app_error", "The file could not be written.",
                   call.request_id);
}

Answer bad_request(const Call& call, std::string_view message) {
    return refusal(400, "api.file.upload_file.incorrect.app_error", message, call.request_id);
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Creates the folder of `path` too.
base::Fd open_for_writing(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    return base::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

std::optional<Answer> may_write(Sql& sql, Call& call, const std::string& channel_id) {
    if (auto refused = authenticate(sql, call)) return refused;
    if (channel_member(sql, channel_id, call.user_id)) return std::nullopt;
    return refusal(403, "api.context.permissions.app_error",
                   "You do not have the appropriate permissions.", call.request_id);
}

}  // namespace

// --- a form of files -----------------------------------------------------------------------

class Transfers::Form final : public net::PartHandler, public std::enable_shared_from_this<Form> {
public:
    Form(Transfers& transfers, net::ExchangePtr exchange, const Call& call)
        : transfers_(transfers), exchange_(std::move(exchange)), call_(call) {}

    ~Form() override {
        if (!kept_) remove_all();
    }

    void start() {
        const std::string boundary = net::boundary_of(exchange_->request().field("Content-Type"));
        channel_id_ = call_.text("channel_id");
        if (!boundary.empty()) {
            parser_ = std::make_unique<net::MultipartParser>(boundary);
        } else {
            begin_file(call_.text("filename"));
        }
        const auto self = shared_from_this();
        exchange_->stream({.on_bytes = [self](std::string_view bytes) { self->take(bytes); },
                           .on_end = [self](bool whole) { self->end(whole); }});
        // A caller without a session is told before the last byte.
        transfers_.desk_.read<std::optional<Answer>>(
            [call = call_](Sql& sql) mutable { return authenticate(sql, call); },
            [self](const base::Result<std::optional<Answer>>& refused) {
                if (!refused) {
                    self->refuse(refusal_of(refused.error(), self->call_.request_id));
                } else if (*refused) {
                    self->refuse(**refused);
                }
            });
    }

    void on_part(const net::PartHead& head) override {
        if (!head.file_name.empty()) {
            begin_file(head.file_name);
        } else {
            field_ = head.name;
            value_.clear();
        }
    }

    void on_part_bytes(std::string_view bytes) override {
        if (!file_) {
            if (value_.size() + bytes.size() <= 4096) value_ += bytes;
            return;
        }
        Attachment& file = files_.back();
        file.size += static_cast<std::int64_t>(bytes.size());
        if (file.size > kFileBytesMax) {
            refuse(refusal(413, "api.file.upload_file.too_large_detailed.app_error",
                           "The file is too large.", call_.request_id));
        } else if (!write_all(file_.number(), bytes)) {
            refuse(not_written(call_));
        } else {
            digest_.add(bytes);
        }
    }

    void on_part_end() override {
        if (file_) {
            files_.back().digest = digest_.finish().hex();
            file_.reset();
        } else if (field_ == "channel_id") {
            channel_id_ = value_;
        } else if (field_ == "client_ids") {
            client_ids_.push_back(value_);
        }
    }

private:
    void begin_file(const std::string& name) {
        files_.push_back({.id = fresh_id(),
                          .user_id = {},
                          .channel_id = {},
                          .post_id = {},
                          .name = std::filesystem::path(name).filename(),
                          .mime_type = mime_type_of(name),
                          .digest = {}});
        digest_ = base::Sha256();
        file_ = open_for_writing(path_of_file(transfers_.folder_, files_.back().id));
        if (!file_) refuse(not_written(call_));
    }

    void take(std::string_view bytes) {
        if (over_) return;
        if (!parser_) {
            on_part_bytes(bytes);
        } else if (!parser_->feed(bytes, *this)) {
            refuse(bad_request(call_, "The form is not well formed."));
        }
    }

    void end(bool whole) {
        if (over_ || !whole) {
            over_ = true;
            return;
        }
        if (!parser_) on_part_end();
        if (over_) return;
        if ((parser_ && !parser_->complete()) || files_.empty()) {
            refuse(bad_request(call_, "The form holds no whole file."));
            return;
        }
        over_ = true;
        store();
    }

    void store() {
        for (Attachment& file : files_) file.channel_id = channel_id_;
        const auto self = shared_from_this();
        transfers_.desk_.write<Answer>(
            [call = call_, files = files_, clients = client_ids_](Write& write) mutable {
                if (auto refused = may_write(write.sql, call, files[0].channel_id)) {
                    return *std::move(refused);
                }
                Json infos = Json::array();
                for (Attachment& file : files) {
                    file.user_id = call.user_id;
                    file.create_at = write.now_ms;
                    add_file(write, file);
                    infos.push_back(json_of(file));
                }
                const Json body{{"file_infos", std::move(infos)}, {"client_ids", clients}};
                return Answer{.status = 201, .body = body.dump()};
            },
            [self](base::Result<Answer> answer) {
                // Unknown is not undone: then a row may refer to these bytes.
                const bool unknown = !answer && answer.error().failure == base::Failure::unknown;
                self->kept_ = unknown || (answer && answer->status == 201);
                self->transfers_.reply_(self->exchange_, self->call_,
                                        answer
                                            ? *std::move(answer)
                                            : refusal_of(answer.error(), self->call_.request_id));
            });
    }

    void refuse(Answer answer) {
        if (std::exchange(over_, true)) return;
        transfers_.reply_(exchange_, call_, std::move(answer));
    }

    void remove_all() {
        for (const Attachment& file : files_) {
            ::unlink(path_of_file(transfers_.folder_, file.id).c_str());
        }
    }

    Transfers& transfers_;
    net::ExchangePtr exchange_;
    Call call_;
    std::unique_ptr<net::MultipartParser> parser_;
    std::vector<Attachment> files_;
    std::vector<std::string> client_ids_;
    std::string channel_id_;
    std::string field_;
    std::string value_;
    base::Fd file_;
    base::Sha256 digest_;
    bool over_ = false;  ///< Answered, about to be, or gone.
    bool kept_ = false;
};

// --- a part of an upload -------------------------------------------------------------------

class Transfers::Part final : public net::PartHandler, public std::enable_shared_from_this<Part> {
public:
    Part(Transfers& transfers, net::ExchangePtr exchange, const Call& call, std::string upload_id)
        : transfers_(transfers),
          exchange_(std::move(exchange)),
          call_(call),
          upload_{.id = std::move(upload_id), .user_id = {}, .channel_id = {}, .name = {}},
          holder_(fresh_id()) {}

    void start() {
        const std::string boundary = net::boundary_of(exchange_->request().field("Content-Type"));
        if (!boundary.empty()) parser_ = std::make_unique<net::MultipartParser>(boundary);
        const auto self = shared_from_this();
        exchange_->stream({.on_bytes = [self](std::string_view bytes) { self->take(bytes); },
                           .on_end = [self](bool whole) { self->end(whole); }});
        exchange_->pause();
        transfers_.desk_.write<Locked>(
            [call = call_, id = upload_.id, holder = holder_](Write& write) mutable {
                return lock(write, call, id, holder);
            },
            [self](base::Result<Locked> locked) { self->begin(std::move(locked)); });
    }

    void on_part(const net::PartHead& head) override { in_file_ = !head.file_name.empty(); }
    void on_part_bytes(std::string_view bytes) override {
        if (in_file_) store(bytes);
    }
    void on_part_end() override { in_file_ = false; }

private:
    // Smaller parts cannot be kept by object stores, so clients are held to it everywhere.
    static constexpr std::int64_t kFirstPartMin = std::int64_t{5} * 1024 * 1024;
    static constexpr std::int64_t kRecordEveryBytes = std::int64_t{8} * 1024 * 1024;
    static constexpr std::chrono::seconds kRecordEvery{4};

    struct Locked {
        std::optional<Answer> refused;
        Upload upload;
    };

    static Locked lock(Write& write, Call& call, const std::string& id, const std::string& holder) {
        if (auto refused = authenticate(write.sql, call)) return {std::move(refused), {}};
        const auto upload = upload_by_id(write.sql, id);
        if (!upload || upload->user_id != call.user_id) {
            return {refusal(404, "app.upload.get.app_error", "There is no such upload.",
                            call.request_id),
                    {}};
        }
        const auto locked = lock_upload(write, id, holder);
        if (!locked) {
            return {refusal(400, "app.upload.upload_data.concurrent.app_error",
                            "Upload already in progress.", call.request_id),
                    {}};
        }
        return {std::nullopt, *locked};
    }

    void begin(base::Result<Locked> locked) {
        if (!locked) {
            refuse(refusal_of(locked.error(), call_.request_id));
            return;
        }
        if (locked->refused) {
            refuse(*std::move(locked->refused));
            return;
        }
        upload_ = locked->upload;
        locked_ = true;
        const auto length = static_cast<std::int64_t>(exchange_->request().content_length);
        const bool raw = !parser_ && length > 0;
        const bool small = upload_.offset == 0 && length < kFirstPartMin && length < upload_.size;
        if (raw && (length > upload_.size - upload_.offset || small)) {
            refuse(bad_request(call_, "The part has a length that does not fit."));
            return;
        }
        const auto path = path_of_file(transfers_.folder_, upload_.id);
        file_ = open_for_writing(path);
        if (!file_ || ::ftruncate(file_.number(), upload_.offset) != 0 ||
            ::lseek(file_.number(), upload_.offset, SEEK_SET) < 0) {
            refuse(not_written(call_));
            return;
        }
        recorded_ = upload_.offset;
        recorded_at_ = exchange_->loop().now();
        take(std::exchange(early_, {}));
        if (ended_) {
            finish();
        } else {
            exchange_->resume();
        }
    }

    void take(std::string_view bytes) {
        if (over_) return;
        if (!locked_) {
            early_ += bytes;
        } else if (!parser_) {
            store(bytes);
        } else if (!parser_->feed(bytes, *this)) {
            refuse(bad_request(call_, "The form is not well formed."));
        }
    }

    void store(std::string_view bytes) {
        if (over_) return;
        if (static_cast<std::int64_t>(bytes.size()) > upload_.size - upload_.offset) {
            refuse(bad_request(call_, "The part is longer than what is missing."));
        } else if (!write_all(file_.number(), bytes)) {
            refuse(not_written(call_));
        } else {
            upload_.offset += static_cast<std::int64_t>(bytes.size());
            record();
        }
    }

    /// Keeps the lock, and what another instance would go on from should this one die.
    void record() {
        const base::Tick now = exchange_->loop().now();
        if (upload_.offset - recorded_ < kRecordEveryBytes && now - recorded_at_ < kRecordEvery) {
            return;
        }
        recorded_ = upload_.offset;
        recorded_at_ = now;
        const auto self = shared_from_this();
        transfers_.desk_.write<bool>(
            [id = upload_.id, holder = holder_, offset = recorded_](Write& write) {
                return advance_upload(write, id, holder, offset);
            },
            [self](const base::Result<bool>& kept) {
                if (kept && !*kept) {
                    self->refuse(bad_request(self->call_, "Another writer has taken over."));
                }
            });
    }

    void end(bool whole) {
        ended_ = true;
        whole_ = whole;
        if (locked_) finish();
    }

    void finish() {
        if (std::exchange(over_, true)) return;
        file_.reset();
        const auto self = shared_from_this();
        transfers_.desk_.write<Answer>(
            [call = call_, upload = upload_, holder = holder_](Write& write) {
                if (upload.offset < upload.size) {
                    unlock_upload(write, upload.id, holder, upload.offset);
                    return Answer{.status = 204, .content_type = {}};
                }
                if (!finish_upload(write, upload, holder)) {
                    return bad_request(call, "Another writer has taken over.");
                }
                return Answer{.body = json_of(*file_by_id(write.sql, upload.id)).dump()};
            },
            [self](base::Result<Answer> answer) {
                if (!self->whole_) return;
                self->transfers_.reply_(self->exchange_, self->call_,
                                        answer
                                            ? *std::move(answer)
                                            : refusal_of(answer.error(), self->call_.request_id));
            });
    }

    void refuse(Answer answer) {
        if (std::exchange(over_, true)) return;
        transfers_.reply_(exchange_, call_, std::move(answer));
        exchange_->resume();
        if (!locked_) return;
        transfers_.desk_.write<bool>(
            [id = upload_.id, holder = holder_, offset = upload_.offset](Write& write) {
                unlock_upload(write, id, holder, offset);
                return true;
            },
            [](const base::Result<bool>&) {});
    }

    Transfers& transfers_;
    net::ExchangePtr exchange_;
    Call call_;
    Upload upload_;
    std::string holder_;
    std::unique_ptr<net::MultipartParser> parser_;
    std::string early_;  ///< Came before the lock did.
    base::Fd file_;
    std::int64_t recorded_ = 0;
    base::Tick recorded_at_{};
    bool in_file_ = false;
    bool locked_ = false;
    bool ended_ = false;
    bool whole_ = false;
    bool over_ = false;
};

// --- a file on its way out -------------------------------------------------------------------

class Transfers::Download final : public std::enable_shared_from_this<Download> {
public:
    Download(net::ExchangePtr exchange, base::Fd file)
        : exchange_(std::move(exchange)), file_(std::move(file)) {}

    void start(net::FieldList fields) {
        exchange_->begin(200, std::move(fields));
        const auto self = shared_from_this();
        exchange_->on_drained([self] { self->go_on(); });
        exchange_->on_gone([self] { self->file_.reset(); });
        go_on();
    }

private:
    void go_on() {
        // Ending the exchange lets go of the callback that may have brought us here.
        const auto self = shared_from_this();
        static thread_local std::array<char, 64 * 1024> bytes;
        while (file_) {
            const ssize_t count = ::read(file_.number(), bytes.data(), bytes.size());
            if (count < 0) {
                file_.reset();
                exchange_->abort();
            } else if (count == 0) {
                file_.reset();
                exchange_->end();
            } else if (!exchange_->write({bytes.data(), static_cast<std::size_t>(count)})) {
                return;
            }
        }
    }

    net::ExchangePtr exchange_;
    base::Fd file_;
};

// --- the three ways --------------------------------------------------------------------------

Transfers::Transfers(Desk& desk, std::filesystem::path folder, Reply reply)
    : desk_(desk), folder_(std::move(folder)), reply_(std::move(reply)) {}

void Transfers::receive_files(const net::ExchangePtr& exchange, const Call& call) {
    std::make_shared<Form>(*this, exchange, call)->start();
}

void Transfers::receive_part(const net::ExchangePtr& exchange, const Call& call,
                             const std::string& upload_id) {
    std::make_shared<Part>(*this, exchange, call, upload_id)->start();
}

void Transfers::send_file(const net::ExchangePtr& exchange, const Call& call,
                          const std::string& file_id) {
    struct Found {
        std::optional<Answer> refused;
        Attachment file;
    };
    desk_.read<Found>(
        [call = call, file_id](Sql& sql) mutable -> Found {
            if (auto refused = authenticate(sql, call)) return {std::move(refused), {}};
            const auto file = file_by_id(sql, file_id);
            const bool own = file && file->user_id == call.user_id;
            if (!file || (!own && !channel_member(sql, file->channel_id, call.user_id))) {
                return {refusal(404, "app.file_info.get.app_error", "There is no such file.",
                                call.request_id),
                        {}};
            }
            return {std::nullopt, *file};
        },
        [this, exchange, call](const base::Result<Found>& found) {
            if (!found) {
                reply_(exchange, call, refusal_of(found.error(), call.request_id));
                return;
            }
            if (found->refused) {
                reply_(exchange, call, *found->refused);
                return;
            }
            const auto path = path_of_file(folder_, found->file.id);
            base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
            if (!file) {
                reply_(exchange, call,
                       refusal(404, "app.file_info.get.app_error", "The file's bytes are missing.",
                               call.request_id));
                return;
            }
            const std::string name = base::percent_encoded(found->file.name);
            std::make_shared<Download>(exchange, std::move(file))
                ->start({{"Content-Type", found->file.mime_type},
                         {"Content-Length", std::to_string(found->file.size)},
                         {"Content-Disposition", "attachment; filename*=UTF-8''" + name},
                         {"Cache-Control", "private, no-cache"},
                         {"X-Content-Type-Options", "nosniff"},
                         {"X-Version-Id", call.site->version_id},
                         {"X-Instance", call.site->instance},
                         {"X-Request-Id", call.request_id}});
        });
}

}  // namespace chat
