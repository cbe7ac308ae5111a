using System.Runtime.InteropServices;

namespace IlgpuDistance.Cli;

/// <summary>
/// Turns the first Ctrl-C, or request to terminate, into a cancellation; the second ends the process at once, as if this
/// did not exist.
/// </summary>
/// <remarks>
/// One key press can arrive twice: from the terminal, and passed on by a program that started this one (timeout does so).
/// What comes within <see cref="RepeatMilliseconds"/> of the first is taken for the same.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit code after Ctrl-C: 128 plus the number of SIGINT, as shells have it.</summary>
    public const int ExitCode = 130;

    private const int RepeatMilliseconds = 300;

    private readonly CancellationTokenSource _source = new();
    private long _firstAt;
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
        if (!_source.IsCancellationRequested)
            _firstAt = Environment.TickCount64;
        signal.Cancel = Environment.TickCount64 - _firstAt < RepeatMilliseconds;
        // The process ends here, in the midst of a display that has hidden the cursor.
        if (!signal.Cancel)
            Terminal.ShowCursor();
        _source.Cancel();
    }
}
