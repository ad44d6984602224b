#pragma once
// Header fields: a table of offsets over received bytes (no copies), and an owned list.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

/// Fields that proxies and servers ask for, recognised while parsing; at most 63.
enum class FieldId : std::uint8_t {
    other,
    accept,
    accept_encoding,
    authorization,
    cache_control,
    connection,
    content_encoding,
    content_length,
    content_range,
    content_type,
    cookie,
    date,
    etag,
    expect,
    forwarded,
    host,
    if_modified_since,
    if_none_match,
    keep_alive,
    last_event_id,
    last_modified,
    location,
    max_forwards,
    origin,
    proxy_authenticate,
    proxy_authorization,
    proxy_connection,
    range,
    retry_after,
    sec_websocket_accept,
    sec_websocket_extensions,
    sec_websocket_key,
    sec_websocket_protocol,
    sec_websocket_version,
    server,
    set_cookie,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    user_agent,
    via,
    x_amzn_trace_id,
    x_forwarded_for,
    x_forwarded_host,
    x_forwarded_port,
    x_forwarded_proto,
    x_request_id,
    traceparent,
    tracestate,
};

/// `other` for a name that is not in the list; case does not matter.
FieldId field_id(std::string_view name);
/// As usually spelled: `Content-Length`. Empty for `other`.
std::string_view name_of(FieldId id);

/// Without spaces and tabs around it.
std::string_view trimmed(std::string_view text);
/// ASCII only, as HTTP compares.
bool same_ignoring_case(std::string_view left, std::string_view right);
/// Whether a comma-separated list such as Connection's has `token`; case does not matter.
bool lists_token(std::string_view value, std::string_view token);

struct Field {
    std::string_view name;
    std::string_view value;  ///< Without white space around it.
    FieldId id = FieldId::other;
};

/// Where a field stands in the bytes of its head.
struct FieldSpan {
    std::uint32_t name_at;
    std::uint32_t value_at;
    std::uint16_t name_bytes;
    std::uint16_t value_bytes;
    FieldId id;
    bool clean;  ///< Its line stands there as it would be written: `Name: value` and CRLF.
};

/// The fields of a head just parsed, in order; valid as long as its bytes.
class Fields {
public:
    Fields() = default;
    Fields(const char* bytes, std::span<const FieldSpan> spans, std::uint64_t present)
        : bytes_(bytes), spans_(spans), present_(present) {}

    std::size_t size() const { return spans_.size(); }
    Field operator[](std::size_t index) const {
        const FieldSpan& span = spans_[index];
        return {{bytes_ + span.name_at, span.name_bytes},
                {bytes_ + span.value_at, span.value_bytes},
                span.id};
    }
    /// What the spans count from. Two bytes may be read behind any value: in HTTP/1 its line's end.
    const char* bytes() const { return bytes_; }
    std::span<const FieldSpan> spans() const { return spans_; }
    bool has(FieldId id) const { return (present_ >> static_cast<unsigned>(id)) & 1U; }

    /// The first of that name.
    std::optional<std::string_view> find(FieldId id) const {
        if (!has(id)) return {};
        return first(id);
    }
    std::optional<std::string_view> find(std::string_view name) const;
    /// Whether any line of that name lists `token`.
    bool lists(FieldId id, std::string_view token) const {
        return has(id) && some_line_lists(id, token);
    }

    class Iterator {
    public:
        Iterator(const Fields* fields, std::size_t index) : fields_(fields), index_(index) {}
        Field operator*() const { return (*fields_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const Fields* fields_;
        std::size_t index_;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, size()}; }

private:
    std::string_view first(FieldId id) const;
    bool some_line_lists(FieldId id, std::string_view token) const;

    const char* bytes_ = nullptr;
    std::span<const FieldSpan> spans_;
    std::uint64_t present_ = 0;
};

/// Fields that own their text, for requests to keep and messages to write.
class FieldList {
public:
    FieldList() = default;
    FieldList(std::initializer_list<std::pair<std::string, std::string>> fields)
        : fields_(fields) {}
    explicit FieldList(const Fields& fields);

    void add(std::string_view name, std::string_view value);
    /// Replaces all of that name.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    bool has(std::string_view name) const { return find(name).has_value(); }
    /// The first of that name; valid until the list changes.
    std::optional<std::string_view> find(std::string_view name) const;
    bool lists(std::string_view name, std::string_view token) const;

    std::size_t size() const { return fields_.size(); }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace net
