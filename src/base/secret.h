#pragma once
// A text that never reaches a journal, a log or an error (P11).

#include <string>
#include <utility>

namespace base {

/// Does not format, print or compare; whoever needs the text says so by `reveal`.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret() { wipe(); }
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept {
        std::swap(text_, other.text_);
        other.wipe();
        return *this;
    }

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    void wipe() {
        volatile char* bytes = text_.data();
        for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
        text_.clear();
    }

    std::string text_;
};

}  // namespace base
