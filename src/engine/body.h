#pragma once
// Values in the bodies of journal records, as JSON and back. For .cpp files of this room, and of
// providers that keep counts.

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/json.h"
#include "base/result.h"
#include "judge/counts.h"
#include "judge/usual.h"
#include "release/release.h"

#include <string>
#include <string_view>

namespace engine {

base::Json json_of(const base::Diagnostic& diagnostic);
base::Diagnostic diagnostic_from(const base::Json& json);

/// Of the histogram only what is not zero.
base::Json json_of(const judge::Counts& counts);
judge::Counts counts_from(const base::Json& json);

base::Json json_of(const judge::PoolCounts& counts);
judge::PoolCounts pool_counts_from(const base::Json& json);

base::Json json_of(const judge::Usual& usual);
judge::Usual usual_from(const base::Json& json);

base::Json json_of(const release::Release& release);
base::Result<release::Release> release_from(const base::Json& json);

/// A member of an object of ours; what is missing or of another type reads as empty, 0 or false.
std::string text_in(const base::Json& body, std::string_view key);
std::uint64_t number_in(const base::Json& body, std::string_view key);
double real_in(const base::Json& body, std::string_view key);
bool flag_in(const base::Json& body, std::string_view key);
/// An object or array below `key`, or null.
const base::Json& part_of(const base::Json& body, std::string_view key);

}  // namespace engine
