#pragma once
// What AWS's models say of an operation, as constant tables: names, types and where each member
// stands on the wire. The words are those of botocore's models (C2J) where they mean the same.

#include <cstdint>
#include <span>
#include <string_view>

namespace aws {

enum class Type : std::uint8_t {
    structure,
    list,  ///< One member: its items.
    map,   ///< Two members: key and value.
    string,
    blob,
    boolean,
    integer,
    real,
    timestamp,
    document,  ///< Any JSON.
};

enum class Location : std::uint8_t { body, uri, query, header, header_prefix, status };

enum class TimeFormat : std::uint8_t {
    by_place,  ///< What the protocol uses there.
    iso8601,
    unix_seconds,
    http,
};

struct Shape;

/// A use of a shape: as a member, an item, a key, a value, or as what an operation takes.
struct Member {
    std::string_view name;
    const Shape* shape = nullptr;
    std::string_view wire_name = {};   ///< `locationName`; empty: `name`.
    std::string_view query_name = {};  ///< `queryName`, which ec2 alone has.
    std::string_view xml_namespace = {};
    std::string_view xml_prefix = {};
    Location location = Location::body;
    TimeFormat time = TimeFormat::by_place;
    bool flattened = false;
    bool xml_attribute = false;
    bool host_label = false;
};

struct Shape {
    Type type = Type::structure;
    std::span<const Member> members = {};
    std::string_view payload = {};  ///< The member that is the whole body, in rest-xml.
};

enum class Protocol : std::uint8_t { query, ec2, rest_xml, json };

/// What an operation does to the world. Only what reads is sent again after an answer was lost.
enum class Effect : std::uint8_t { changes, reads };

/// Who an operation must be signed by; `nobody` where it is how keys are got.
enum class Signing : std::uint8_t { keys, nobody };

/// How an answer says that it is a part, and how the next one is asked for. Paths have dots.
struct Paging {
    std::string_view asks = {};   ///< The input's token; empty: the operation has no pages.
    std::string_view gives = {};  ///< The output's token; absent or empty: no more.
    std::string_view more = {};  ///< A boolean that says whether there is more, where there is one.
};

struct Operation {
    std::string_view name;
    Protocol protocol = Protocol::query;
    Effect effect = Effect::changes;
    Signing signing = Signing::keys;
    std::string_view method = "POST";
    std::string_view uri = "/";          ///< `/{Bucket}/{Key+}?uploads`
    std::string_view version = {};       ///< `apiVersion`, for query and ec2.
    std::string_view target = {};        ///< `targetPrefix`, for json.
    std::string_view json_version = {};  ///< `1.1`
    std::string_view host_prefix = {};   ///< `{AccountId}.`
    Member input = {};                   ///< Without a shape where it takes nothing.
    Member output = {};
    Paging paging = {};
};

}  // namespace aws
