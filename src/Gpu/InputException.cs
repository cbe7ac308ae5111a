namespace IlgpuDistance.Gpu;

/// <summary>
/// Something the user gave cannot be used: an option, a file, a network, a device. The message is one line that says
/// what was found, what was expected and what to do; the command line prints it as it is and exits with 2.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>An error with a message for the user.</summary>
    public InputException(string message) : base(message) { }

    /// <summary>An error with a message for the user, and the exception that revealed it.</summary>
    public InputException(string message, Exception innerException) : base(message, innerException) { }
}
