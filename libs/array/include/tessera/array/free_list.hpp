// Small objects from a thread-local list: a node costs a few nanoseconds, not a malloc.
// Classes that are deleted through a base take their memory here with operator new and delete (take and give).
#pragma once

#include <cstddef>
#include <new>

namespace tessera::detail {

// One list per thread and object type. Objects may be freed on another thread than made them; the list is bounded
// and gives its memory back when the thread ends.
template <class T> class free_list {
public:
    // The constructor does not throw.
    template <class... Args> static T* make(Args&&... args) { return ::new (take()) T(static_cast<Args&&>(args)...); }
    static void recycle(T* object) noexcept {
        object->~T();
        give(object);
    }

    // sizeof(T) bytes.
    static void* take() {
        if (!head_) [[unlikely]]
            return ::operator new(sizeof(T));
        link* block = head_;
        head_ = block->next;
        --count_;
        return block;
    }
    static void give(void* block) noexcept {
        static_assert(sizeof(T) >= sizeof(link));
        if (count_ < bound_) [[likely]] {
            head_ = ::new (block) link{head_};
            ++count_;
        } else {
            give_slowly(block);
        }
    }

private:
    struct link {
        link* next;
    };
    struct cleaner {  // empties the list at the end of the thread; nothing is kept after that
        ~cleaner() {
            bound_ = -1;
            while (head_) {
                link* next = head_->next;
                ::operator delete(head_);
                head_ = next;
            }
            count_ = 0;
        }
    };

    static void give_slowly(void* block) noexcept {
        if (bound_ == 0) {  // the first one of this thread
            static thread_local cleaner at_thread_end;
            (void)at_thread_end;
            bound_ = 1024;
            head_ = ::new (block) link{head_};
            ++count_;
        } else {
            ::operator delete(block);
        }
    }

    // Plain data, so that an access costs no guard.
    static inline thread_local constinit link* head_ = nullptr;
    static inline thread_local constinit int count_ = 0;
    static inline thread_local constinit int bound_ = 0;
};

}  // namespace tessera::detail
