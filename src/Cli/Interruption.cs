using System.Runtime.InteropServices;

namespace IlgpuDistance.Cli;

/// <summary>
/// Turns the first Ctrl-C, or request to terminate, into a cancellation; the second ends the process at once, as if this
/// did not exist.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit code after Ctrl-C: 128 plus the number of SIGINT, as shells have it.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        // The process ends here, in the midst of a display that has hidden the cursor.
        if (!signal.Cancel)
            Terminal.ShowCursor();
        _source.Cancel();
    }
}
