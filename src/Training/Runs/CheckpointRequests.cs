namespace IlgpuDistance.Training.Runs;

/// <summary>
/// Requests, from any thread, to save a checkpoint as soon as an epoch has ended. Every training that is going on answers
/// each of them; one that begins after it was answered does not.
/// </summary>
internal sealed class CheckpointRequests
{
    private int _made;
    private int _answered;

    /// <summary>How many have been made.</summary>
    internal int Made => Volatile.Read(ref _made);

    /// <summary>How many of them some training has answered.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    /// <summary>Asks for a checkpoint.</summary>
    public void Add() => Interlocked.Increment(ref _made);

    /// <summary>Takes down that a training has answered so many.</summary>
    internal void Answer(int made) => Volatile.Write(ref _answered, made);
}
