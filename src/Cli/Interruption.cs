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

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Begins to listen.</summary>
    public Interruption() => registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = !source.IsCancellationRequested;
        source.Cancel();
    }
}
