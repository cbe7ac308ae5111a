namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// Something the user gave cannot be used: a setting, a file, a network, a device. The message is one line that says what was
/// found, what was expected and what to do, in the library's own words; the command line names its options in it and exits
/// with 2.
/// </summary>
public class InputException : Exception
{
    /// <summary>An error with a message for the user.</summary>
    internal InputException(string message) : this((Wording)message) { }

    /// <summary>An error with a message for the user, and the exception that revealed it.</summary>
    internal InputException(string message, Exception? innerException) : this((Wording)message, innerException) { }

    /// <summary>An error with a message that may name settings.</summary>
    internal InputException(Wording wording) : base(wording.ToString()) => Wording = wording;

    /// <summary>An error with a message that may name settings, and the exception that revealed it.</summary>
    internal InputException(Wording wording, Exception? innerException) : base(wording.ToString(), innerException) =>
        Wording = wording;

    /// <summary>The message, for a program that has its own names of settings.</summary>
    internal Wording Wording { get; }
}
