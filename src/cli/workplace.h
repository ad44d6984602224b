#pragma once
// What a folder already says of the application in it, for `crossfade init`.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// How an application is started today.
struct Startup {
    std::string file;                  ///< That says so: `Dockerfile`, `chat.service`.
    std::vector<std::string> command;  ///< With `${artifact}`, `${address}` and `${port}` put in.
    std::string health;                ///< The path that is asked; empty where nothing says so.
};

/// From a Dockerfile (ENTRYPOINT and CMD in the form of lists, EXPOSE, HEALTHCHECK), else from the
/// only systemd unit (ExecStart). None where neither tells where the program is told its port.
std::optional<Startup> startup_in(const std::filesystem::path& folder);

/// Puts `${port}` where the word is `port` (empty: any), or ends with it behind a colon or an
/// equals sign: `:8065`, `--port=8065`. False where it does not.
bool put_port(std::string& word, const std::string& port);

/// The word as a spec writes it: `${` is a placeholder there.
std::string plain_word(const std::string& word);

}  // namespace cli
