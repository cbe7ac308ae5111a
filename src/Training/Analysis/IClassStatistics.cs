namespace IlgpuDistance.Training.Analysis;

/// <summary>Center and spread of each of a layer's outputs over the samples of some classes.</summary>
internal interface IClassStatistics
{
    /// <summary>Samples of each class.</summary>
    int[] Counts { get; }

    /// <summary>Those of the samples of one class.</summary>
    (double[] Centers, double[] Spreads) OfClass(int c);

    /// <summary>Those of the samples of all other classes.</summary>
    (double[] Centers, double[] Spreads) OfOthers(int c);
}
