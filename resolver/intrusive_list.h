// IntrusiveList: a doubly linked list through hooks inside the elements, so that queues and time-outs of open
// questions cost no allocation and an element leaves its list without knowing which one it is in.
//
// Owns nothing. An element takes itself out when its hook is unlinked; lists must outlive their elements'
// membership. Not movable: elements point at the list.
#pragma once

namespace dauth::resolver {

template <class Element>
class IntrusiveList;

template <class Element>
class ListHook {
 public:
  explicit ListHook(Element* element) : element_(element) {}
  ListHook(const ListHook&) = delete;
  ListHook& operator=(const ListHook&) = delete;
  ~ListHook() { unlink(); }

  bool linked() const { return next_ != nullptr; }
  void unlink() {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 private:
  friend class IntrusiveList<Element>;
  ListHook* previous_ = nullptr;
  ListHook* next_ = nullptr;
  Element* element_;
};

template <class Element>
class IntrusiveList {
 public:
  IntrusiveList() : head_(nullptr) { head_.next_ = head_.previous_ = &head_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (!empty()) head_.next_->unlink();
  }

  bool empty() const { return head_.next_ == &head_; }
  // The first element, or nullptr.
  Element* front() const { return head_.next_->element_; }
  // `hook` must not be in a list.
  void push_back(ListHook<Element>& hook) {
    hook.previous_ = head_.previous_;
    hook.next_ = &head_;
    head_.previous_->next_ = &hook;
    head_.previous_ = &hook;
  }

 private:
  ListHook<Element> head_;  // its element is nullptr, which makes front() of an empty list nullptr
};

}  // namespace dauth::resolver
