namespace IlgpuDistance.Tests.Reference;

/// <summary>The step of an optimizer in float64.</summary>
internal static class ReferenceStep
{
    /// <summary>Plain SGD: p ← p − η g.</summary>
    public static void Sgd(double[] parameters, double[] gradients, double learningRate)
    {
        for (int n = 0; n < parameters.Length; n++)
            parameters[n] -= learningRate * gradients[n];
    }
}
