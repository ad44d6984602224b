#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace base::log {

namespace {

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> shared = [] {
        auto made = std::make_shared<spdlog::logger>(
            "crossfade", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *shared;
}

void write(spdlog::level::level_enum level, std::string_view event,
           std::initializer_list<Field> fields) {
    if (!logger().should_log(level)) return;
    std::string line(event);
    for (const Field& field : fields) {
        line += fmt::format(" {}=", field.key);
        const bool plain =
            !field.value.empty() && field.value.find_first_of(" \"\n\r\t=") == std::string::npos;
        if (plain) {
            line += field.value;
            continue;
        }
        line += '"';
        for (const char c : field.value) {
            if (c == '\n') {
                line += "\\n";
            } else {
                if (c == '"' || c == '\\') line += '\\';
                line += c;
            }
        }
        line += '"';
    }
    logger().log(level, "{}", line);
}

}  // namespace

void error(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::err, event, fields);
}
void warn(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::warn, event, fields);
}
void info(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::info, event, fields);
}
void only_errors() {
    logger().set_level(spdlog::level::err);
}

}  // namespace base::log
