using System.Text.Json;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// A record that comes from a file and checks what its type cannot say: ranges, lengths, what belongs together. The record of the
/// whole file is asked by <see cref="JsonFile"/> right after it was read, and asks those in it with <see cref="Expect"/>.
/// </summary>
internal interface IChecked
{
    /// <summary>Checks the values.</summary>
    /// <exception cref="JsonException">One cannot be; the message says what was found and expected.</exception>
    void Check();
}
