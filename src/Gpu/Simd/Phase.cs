namespace IlgpuDistance.Gpu.Simd;

/// <summary>What a worker of the SIMD executor does at a time.</summary>
internal enum Phase
{
    /// <summary>Waits for the other workers.</summary>
    Wait,

    /// <summary>Recomputes what layers derive from the parameters.</summary>
    Prepare,

    /// <summary>Sets a portion's gradients to zero.</summary>
    Clear,

    /// <summary>Writes a block's bytes as floats.</summary>
    Load,

    /// <summary>A layer forward.</summary>
    Forward,

    /// <summary>Loss and gradient of the logits.</summary>
    Loss,

    /// <summary>A layer backward; of a first layer in panels with its step.</summary>
    Backward,

    /// <summary>Turns a portion's sums into gradients.</summary>
    Finish,

    /// <summary>Adds the gradients of the portions, and steps, but for a first layer in panels.</summary>
    Step,
}
