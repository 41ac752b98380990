import { useEffect, useRef, type ReactNode } from 'react'

export interface ConfirmProps {
  readonly title: string
  readonly children: ReactNode
  readonly act: string
  readonly isBusy: boolean
  readonly onAct: () => void
  readonly onClose: () => void
}

/** Asks before something is lost. The browser's own dialog keeps the focus inside and gives it back after. */
export function Confirm({ title, children, act, isBusy, onAct, onClose }: ConfirmProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={onClose}>
      <div className="stack">
        <h2 id="confirm-title">{title}</h2>
        {children}
      </div>
      <div className="actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button type="button" className="button danger" aria-disabled={isBusy} onClick={isBusy ? undefined : onAct}>
          {act}
        </button>
      </div>
    </dialog>
  )
}
