;;; Reads and posts with Gnus, and prints what its user sees as JSON; `port' is given by --eval.  -*- lexical-binding: t -*-
(require 'gnus)
(require 'gnus-art)
(require 'message)
(require 'json)

(defvar port)
(setq gnus-select-method `(nntp "tidings" (nntp-address "127.0.0.1") (nntp-port-number ,port))
      gnus-inhibit-startup-message t
      gnus-novice-user nil
      gnus-expert-user t
      gnus-check-new-newsgroups nil
      gnus-save-newsrc-file nil
      gnus-use-dribble-file nil
      gnus-auto-select-first nil
      gnus-summary-line-format "%N %(%s%) by %n, %L lines%I\n"
      gnus-treat-display-smileys nil
      gnus-message-highlight-citation nil
      gnus-message-archive-group nil
      message-confirm-send nil
      message-interactive t
      message-generate-headers-first nil
      user-full-name "Gnus"
      user-mail-address "gnus@interop.example")

(defun seen-in (buffer)
  "The lines of BUFFER as its user sees them."
  (with-current-buffer buffer
    (split-string (string-trim-right (buffer-substring-no-properties (point-min) (point-max))) "\n")))

(let (seen)
  (gnus)
  (dolist (group '("local.test" "local.other" "local.closed"))
    (gnus-subscribe-newsgroup group))
  (gnus-group-get-new-news)
  (gnus-group-list-all-groups 3)
  (push (cons "groups" (mapcar #'string-trim (seen-in gnus-group-buffer))) seen)
  (gnus-group-read-group t nil "local.test")
  (push (cons "summary" (mapcar #'string-trim (seen-in gnus-summary-buffer))) seen)
  (gnus-summary-goto-article 1 nil t)
  (push (cons "article" (seen-in gnus-article-buffer)) seen)
  ;; A follow-up, as typed by its author.
  (gnus-summary-followup nil)
  (goto-char (point-max))
  (insert ".begins with a dot\n.\nIt is the end.\n")
  (push (cons "draft" (seen-in (current-buffer))) seen)
  (push (cons "sent" (if (message-send) t :json-false)) seen)
  (gnus-group-get-new-news)
  (gnus-group-list-all-groups 3)
  (push (cons "groups then" (mapcar #'string-trim (seen-in gnus-group-buffer))) seen)
  (princ (json-encode (nreverse seen))))
