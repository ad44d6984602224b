#include "edge/http/text.h"

#include <algorithm>
#include <utility>

namespace edge {

void Text::grow(std::size_t bytes) {
    const std::size_t wanted = std::max({kFirst, capacity_ * 2, size_ + bytes});
    std::unique_ptr<char[]> more(new char[wanted]);  // not zeroed, as make_unique's would be
    if (size_ > 0) std::memcpy(more.get(), memory_.get(), size_);
    memory_ = std::move(more);
    capacity_ = wanted;
}

}  // namespace edge
