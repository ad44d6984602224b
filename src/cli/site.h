#pragma once
// Where an application lives on this machine: its spec, the folder around it, its state.

#include "base/digest.h"
#include "base/result.h"
#include "cli/session.h"
#include "engine/store.h"
#include "local/folder.h"
#include "local/store.h"
#include "release/spec.h"

#include <tl/expected.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cli {

struct Site {
    std::filesystem::path spec;  ///< The file; it need not exist.
    std::filesystem::path home;  ///< Its folder: relative paths and hooks start there.
    local::Folder folder;
};

/// A spec with the text it was decoded from.
struct SpecText {
    release::Spec spec;
    std::string text;
};

/// What a user opens: the encrypted way in where there is one.
std::string open_address(const release::Spec& spec);

/// From the options, CROSSFADE_STATE, or crossfade.yaml in this folder or one above (up to a
/// repository's root). Nothing need exist for `--spec` and `--state`; else `not_found` (CF0710).
base::Result<Site> find_site(const Session& session);

/// The spec as it is on disk. All findings are told.
tl::expected<SpecText, Refusal> read_spec(const Site& site);

/// A spec with its text as a document of its own, and back.
std::string spec_to_json(const Site& site, const SpecText& spec);
base::Result<SpecText> spec_from_json(std::string_view json, const std::string& name);

/// Provider `local`'s part of Provider::keep_spec and what follows it.
base::Result<void> keep_spec(const Site& site, const SpecText& spec, const base::Digest& plan);
base::Result<SpecText> kept_spec(const Site& site, const base::Digest& plan);
/// Forgets all kept specs but this plan's.
void forget_specs_but(const Site& site, const base::Digest& plan);

/// The store of a site where something was released or brought up; else `not_found` (CF0711).
base::Result<std::unique_ptr<local::Store>> open_store(const Site& site);

}  // namespace cli
