namespace IlgpuDistance.Checks.Fuzz;

/// <summary>One kind of input that the program reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Share">How often it is tried, in relation to the others.</param>
/// <param name="Form">Which mutations make sense.</param>
/// <param name="Seeds">Sound inputs, small; damaged ones are made from them.</param>
/// <param name="Read">Reads an input as the program does, and uses what was read.</param>
internal sealed record FuzzTarget(string Name, int Share, InputForm Form, IReadOnlyList<byte[]> Seeds, Action<byte[]> Read)
{
    /// <summary>Makes a whole input of what was mutated, so that damage lies behind a right length or checksum.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = mutated => mutated;

    /// <summary>Whether an exception is how the reader refuses what is damaged; see the documentation of each reader.</summary>
    public Func<Exception, bool> IsRefusal { get; init; } = error => error is Gpu.Errors.InputException;

    /// <summary>Bytes that reading may allocate whatever the size of the input: buffers, sound files beside it.</summary>
    public long FixedAllocation { get; init; } = 1 << 20;
}

/// <summary>What an input is made of, besides bytes.</summary>
internal enum InputForm
{
    /// <summary>Nothing else.</summary>
    Bytes,

    /// <summary>Lines, words and numbers.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,
}
